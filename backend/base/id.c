#include "base/id.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

void random_bytes(void *out, size_t n)
{
    uint8_t *p = out;
    while (n > 0) {
        ssize_t got = getrandom(p, n, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            abort(); /* identifiers and tokens must not be guessable: better no server than that */
        p += got;
        n -= (size_t)got;
    }
}

void random_token(char *out, size_t out_size, size_t n_bytes)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    size_t at = 0;
    if (out_size == 0)
        return;
    while (n_bytes > 0) {
        uint8_t b[3] = {0};
        size_t take = n_bytes < 3 ? n_bytes : 3;
        random_bytes(b, take);
        uint32_t v = (uint32_t)b[0] << 16 | (uint32_t)b[1] << 8 | b[2];
        for (size_t i = 0; i <= take && at + 1 < out_size; i++)
            out[at++] = alphabet[v >> (18 - 6 * i) & 63];
        n_bytes -= take;
    }
    out[at] = '\0';
}

/* RFC 9562 section 6.2, method 1: the 12 bits after the version count within a millisecond, starting at a random value
 * below 2^11 so that there is room to count; when they run out, or the wall clock steps back, the time runs ahead of
 * the clock. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards the two below */
static uint64_t last_ms;
static uint32_t last_count;

static void next_stamp(uint64_t *ms, uint32_t *count)
{
    struct timespec ts;
    uint16_t start;
    clock_gettime(CLOCK_REALTIME, &ts);
    random_bytes(&start, sizeof(start));
    uint64_t now = (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;

    pthread_mutex_lock(&lock);
    if (now > last_ms) {
        last_ms = now;
        last_count = start & 0x7FF;
    } else if (++last_count > 0xFFF) {
        last_ms++;
        last_count = start & 0x7FF;
    }
    *ms = last_ms;
    *count = last_count;
    pthread_mutex_unlock(&lock);
}

struct id id_new(void)
{
    struct id id;
    uint64_t ms;
    uint32_t count;
    next_stamp(&ms, &count);
    for (int i = 0; i < 6; i++)
        id.b[i] = (uint8_t)(ms >> (40 - 8 * i));
    id.b[6] = (uint8_t)(0x70 | count >> 8);
    id.b[7] = (uint8_t)count;
    random_bytes(id.b + 8, 8);
    id.b[8] = (uint8_t)((id.b[8] & 0x3F) | 0x80);
    return id;
}

bool id_is_zero(struct id a)
{
    return id_equal(a, (struct id){0});
}

bool id_equal(struct id a, struct id b)
{
    return memcmp(a.b, b.b, sizeof(a.b)) == 0;
}

static bool hyphen_at(int byte)
{
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

void id_format(struct id id, char out[ID_TEXT_SIZE])
{
    static const char hex[] = "0123456789abcdef";
    for (int i = 0; i < 16; i++) {
        if (hyphen_at(i))
            *out++ = '-';
        *out++ = hex[id.b[i] >> 4];
        *out++ = hex[id.b[i] & 15];
    }
    *out = '\0';
}

static int nibble(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

bool id_parse(const char *text, struct id *ret)
{
    struct id id;
    if (text == NULL || strnlen(text, ID_TEXT_SIZE) != ID_TEXT_SIZE - 1)
        return false;
    for (int i = 0; i < 16; i++) {
        if (hyphen_at(i) && *text++ != '-')
            return false;
        int hi = nibble(text[0]), lo = nibble(text[1]);
        if (hi < 0 || lo < 0)
            return false;
        id.b[i] = (uint8_t)(hi << 4 | lo);
        text += 2;
    }
    *ret = id;
    return true;
}
