#include "live/strand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

struct numbered {
    struct mail mail;
    int sender, n;
};

#define SENDERS 4
#define MAILS   5000

static struct strand strand;
static int next_of[SENDERS]; /* belongs to the strand: no lock, which is the point */
static bool inside;
static atomic_int ran, freed, refs, disorder;

static void run(void *u, struct mail *m, void *state)
{
    const struct numbered *n = (const struct numbered *)(void *)m;
    (void)u;
    (void)state;
    if (inside || n->n != next_of[n->sender]++)
        atomic_fetch_add(&disorder, 1);
    inside = true;
    atomic_fetch_add(&ran, 1);
    inside = false;
}

static void pause_(void *u, void *state)
{
    (void)u;
    (void)state;
}

static void ref(void *u)
{
    (void)u;
    atomic_fetch_add(&refs, 1);
}

static void unref(void *u)
{
    (void)u;
    atomic_fetch_sub(&refs, 1);
}

static void free_mail(struct mail *m)
{
    atomic_fetch_add(&freed, 1);
    free(m);
}

static void post(int sender, int n)
{
    struct numbered *m = calloc(1, sizeof(*m));
    *m = (struct numbered){.mail = {.bytes = 1, .free = free_mail}, .sender = sender, .n = n};
    strand_post(&strand, &m->mail);
}

static void *send_all(void *arg)
{
    for (int i = 0; i < MAILS; i++)
        post((int)(intptr_t)arg, i);
    return NULL;
}

static struct pool *begin(unsigned threads)
{
    struct pool_options o = {.name = "test", .threads = threads, .queue_max = 4};
    struct strand_owner owner = {run, pause_, ref, unref, NULL};
    struct pool *p = NULL;
    struct error err;
    ran = freed = refs = disorder = 0;
    for (int i = 0; i < SENDERS; i++)
        next_of[i] = 0;
    assert_int_equal(pool_new(&o, &p, &err), STATUS_OK);
    strand_init(&strand, p, &owner);
    return p;
}

static void each_senders_mail_is_run_once_in_order_one_at_a_time(void **state)
{
    (void)state;
    struct pool *p = begin(3);
    pthread_t t[SENDERS];
    for (int i = 0; i < SENDERS; i++)
        assert_int_equal(pthread_create(&t[i], NULL, send_all, (void *)(intptr_t)i), 0);
    for (int i = 0; i < SENDERS; i++)
        pthread_join(t[i], NULL);
    while (!strand_idle(&strand)) {
        strand_kick(&strand);
        sched_yield();
    }
    pool_free(p);
    assert_int_equal(disorder, 0);
    assert_int_equal(ran, SENDERS * MAILS);
    assert_int_equal(freed, SENDERS * MAILS);
    assert_int_equal(refs, 0);
    assert_int_equal(strand_bytes(&strand), 0);
    strand_destroy(&strand);
}

static void closed_strands_free_their_mail_unread(void **state)
{
    (void)state;
    struct pool *p = begin(1);
    strand_close(&strand);
    post(0, 0);
    pool_free(p);
    assert_int_equal(ran, 0);
    assert_int_equal(freed, 1);
    assert_int_equal(refs, 0);
    strand_destroy(&strand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_senders_mail_is_run_once_in_order_one_at_a_time),
        cmocka_unit_test(closed_strands_free_their_mail_unread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
