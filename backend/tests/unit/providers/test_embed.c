/* Sentence vectors: the tokenizer against ids, and the model against numbers, of the reference (tokenizers 0.22 and the
 * published weights). What needs the model is skipped, and says so, where it is not. */
#include "speech_fixture.h"

#include "providers/embed/wordpiece.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

static const struct {
    const char *text;
    int64_t ids[24];
    size_t n;
} reference[] = {
    {"We rolled the release back within minutes.", {101, 2057, 4565, 1996, 2713, 2067, 2306, 2781, 1012, 102}, 10},
    {"Caf\xc3\xa9 na\xc3\xafve \xc3\x85ngstr\xc3\xb6m \xc3\x89"
     "COLE \xc5\x81\xc3\xb3"
     "d\xc5\xba stra\xc3\x9f"
     "e",
     {101, 7668, 15743, 17076, 15687, 12431, 17814, 2358, 27807, 102},
     10},
    {"don't stop: e-mail me@x.org (3.5%)!",
     {101,  2123, 1005, 1056, 2644, 1024, 1041, 1011, 5653, 2033, 1030,
      1060, 1012, 8917, 1006, 1017, 1012, 1019, 1003, 1007, 999,  102},
     22},
    {"\xe6\xbc\xa2\xe5\xad\x97 \xe3\x83\x86\xe3\x82\xb9\xe3\x83\x88", {101, 1904, 100, 1713, 30233, 30240, 102}, 7},
    {"\xd0\x99\xd0\xbe\xd0\xb4 \xd0\xb8 \xd1\x91\xd0\xbb\xd0\xba\xd0\xb0, \xce\xa9\xce\xbc\xce\xad\xce\xb3\xce\xb1 "
     "\xce\xac\xce\xbb\xcf\x86\xce\xb1",
     {101, 1188, 14150, 29742, 1188, 1185, 29436, 28598, 1010, 1179, 29728, 29723, 29721, 14608, 1155, 29727, 29736,
      14608, 102},
     19},
    {"\xed\x95\x9c\xea\xb5\xad\xec\x96\xb4 \xed\x85\x8d\xec\x8a\xa4\xed\x8a\xb8",
     {101, 1469, 30006, 30021, 29991, 30014, 30020, 29999, 30008, 1467, 30009, 30020, 29997, 30017, 30003, 30017, 102},
     17},
    {"antidisestablishmentarianism zzzqqqxxxkk",
     {101, 3424, 10521, 4355, 7875, 13602, 3672, 12199, 2964, 1062, 13213, 4160, 4160, 4160, 20348, 2595, 19658, 102},
     18},
    {"\xe2\x80\x8bzero\xc2\xa0width\x09tab\x0aline\x07"
     "bell",
     {101, 5717, 9381, 21628, 2240, 17327, 102},
     7},
    {"\xe2\x80\x9cquoted\xe2\x80\x9d \xe2\x80\x94 dash\xe2\x80\xa6 \xe2\x82\xac"
     "5",
     {101, 1523, 9339, 1524, 1517, 11454, 1529, 1574, 2629, 102},
     10},
    {"", {101, 102}, 2},
    {"emoji \xf0\x9f\x98\x80 \xf0\xa0\x80\x80", {101, 7861, 29147, 2072, 100, 100, 102}, 7},
    {"Vi\xe1\xbb\x87t Nam \xc4\xb0stanbul \xc7\x84 \xef\xac\x81", {101, 19710, 15125, 9960, 100, 1984, 102}, 7},
};

static struct wordpiece *vocabulary(void)
{
    char path[1024];
    struct wordpiece *w = NULL;
    struct error err = {0};
    if (models_dir() == NULL) {
        print_message("no models (VIVA_TEST_MODELS_DIR): skipped\n");
        skip();
    }
    snprintf(path, sizeof path, "%s/embed/all-MiniLM-L6-v2/vocab.txt", models_dir());
    if (wordpiece_new(path, &w, &err) != STATUS_OK)
        fail_msg("%s", err.message);
    return w;
}

static void words_fall_into_the_pieces_of_the_reference(void **state)
{
    (void)state;
    struct wordpiece *w = vocabulary();
    for (size_t i = 0; i < COUNT(reference); i++) {
        int64_t ids[256];
        const size_t n = wordpiece_encode(w, reference[i].text, ids, COUNT(ids));
        if (n != reference[i].n)
            fail_msg("\"%s\": %zu pieces instead of %zu", reference[i].text, n, reference[i].n);
        for (size_t k = 0; k < n; k++)
            if (ids[k] != reference[i].ids[k])
                fail_msg("\"%s\": piece %zu is %d instead of %d", reference[i].text, k, (int)ids[k],
                         (int)reference[i].ids[k]);
    }
    wordpiece_free(w);
}

static void a_long_text_ends_with_its_mark(void **state)
{
    (void)state;
    struct wordpiece *w = vocabulary();
    char text[5 * 400 + 1] = "", letters[1 << 16];
    int64_t ids[256];
    for (int i = 0; i < 400; i++)
        memcpy(text + 5 * i, "word ", 6);
    assert_int_equal(wordpiece_encode(w, text, ids, 256), 256);
    assert_int_equal(ids[254], 2773);
    assert_int_equal(ids[255], 102);
    assert_int_equal(wordpiece_encode(w, text, ids, 2), 2);
    assert_int_equal(ids[1], 102);
    memset(letters, 'x', sizeof letters - 1);
    letters[sizeof letters - 1] = '\0';
    assert_int_equal(wordpiece_encode(w, letters, ids, 256), 3);
    assert_int_equal(ids[1], 100);
    wordpiece_free(w);
}

static void a_vocabulary_that_is_none_is_refused(void **state)
{
    (void)state;
    struct wordpiece *w = NULL;
    struct error err = {0};
    assert_int_equal(wordpiece_new("/nonexistent", &w, &err), STATUS_UNAVAILABLE);
    assert_string_equal(err.code, "engine_missing");
    assert_int_equal(wordpiece_new("/dev/null", &w, &err), STATUS_UNAVAILABLE);
    assert_string_equal(err.code, "engine_failed");
    assert_null(w);
}

static struct embed *embedder(const char *name)
{
    struct provider_config cfg = strcmp(name, "fake") == 0 ? no_config() : real_config();
    struct embed *e = NULL;
    struct error err = {0};
    if (embed_new(name, &cfg, &e, &err) != STATUS_OK)
        fail_msg("%s", err.message);
    return e;
}

static void embed_all(const char *name, const char *const *texts, size_t n, float *out)
{
    struct embed *e = embedder(name);
    struct error err = {0};
    if (embed_texts(e, texts, n, out, &err) != STATUS_OK)
        fail_msg("%s", err.message);
    for (size_t i = 0; i < n; i++)
        assert_true(fabs(embed_similarity(out + i * EMBED_SIZE, out + i * EMBED_SIZE) - 1) < 1e-5);
    embed_free(e);
}

static void vectors_are_the_references(void **state)
{
    static const char *const texts[] = {"We rolled the release back within minutes.",
                                        "We undid the deployment at once.", "The soup was too salty.", ""};
    static const float wanted[] = {0.00796f, 0.03856f, -0.0221f, 0.03887f};
    float v[4 * EMBED_SIZE];
    (void)state;
    wordpiece_free(vocabulary()); /* skips without models */
    embed_all("minilm", texts, 4, v);
    for (size_t i = 0; i < COUNT(wanted); i++)
        assert_true(fabsf(v[i] - wanted[i]) < 2e-5f);
    const double same = embed_similarity(v, v + EMBED_SIZE), other = embed_similarity(v, v + 2 * EMBED_SIZE);
    if (!(same > 0.4 && other < 0.2))
        fail_msg("%f and %f", same, other);
}

static void the_fake_counts_words(void **state)
{
    static const char *const texts[] = {"alpha bravo charlie", "Charlie, alpha: BRAVO!", "delta echo foxtrot", ""};
    float v[4 * EMBED_SIZE];
    (void)state;
    embed_all("fake", texts, 4, v);
    assert_true(embed_similarity(v, v + EMBED_SIZE) > 0.999);
    assert_true(embed_similarity(v, v + 2 * EMBED_SIZE) < 0.5);
}

static struct embed_tokens tokens_of(struct embed *e, const char *text)
{
    struct embed_tokens t = {0};
    struct error err = {0};
    if (embed_tokens(e, text, &t, &err) != STATUS_OK)
        fail_msg("%s", err.message);
    for (size_t i = 0; i < t.count; i++)
        if (t.items[i].weight > 0)
            assert_true(fabs(embed_similarity(t.items[i].vector, t.items[i].vector) - 1) < 1e-5);
    return t;
}

/* The same word lies nearer to itself in the same sense than in another. */
static void a_word_is_what_it_means_where_it_stands(void **state)
{
    (void)state;
    wordpiece_free(vocabulary()); /* skips without models */
    struct embed *e = embedder("minilm");
    struct embed_tokens money = tokens_of(e, "She put the money into the bank."),
                        loan = tokens_of(e, "The bank gave me a loan."),
                        river = tokens_of(e, "We sat on the bank of the river.");
    const size_t at_money = 6, at_loan = 1, at_river = 4;
    assert_int_equal(money.items[at_money].id, loan.items[at_loan].id);
    assert_int_equal(money.items[at_money].id, river.items[at_river].id);
    assert_true(embed_similarity(money.items[at_money].vector, loan.items[at_loan].vector) >
                embed_similarity(money.items[at_money].vector, river.items[at_river].vector));
    assert_true(money.count == 8 && money.items[2].weight == 0 && money.items[7].weight == 0); /* "the", "." */
    assert_true(money.items[3].weight > 0);
    embed_tokens_free(&money);
    embed_tokens_free(&loan);
    embed_tokens_free(&river);
    embed_free(e);
}

static void the_fake_gives_each_word_a_place(void **state)
{
    (void)state;
    struct embed *e = embedder("fake");
    struct embed_tokens t = tokens_of(e, "Alpha, the bravo: alpha");
    assert_int_equal(t.count, 4);
    assert_int_equal(t.items[0].id, t.items[3].id);
    assert_true(t.items[1].weight == 0);
    assert_true(embed_similarity(t.items[0].vector, t.items[3].vector) > 0.999);
    assert_true(embed_similarity(t.items[0].vector, t.items[2].vector) < 0.5);
    embed_tokens_free(&t);
    embed_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_fall_into_the_pieces_of_the_reference),
        cmocka_unit_test(a_long_text_ends_with_its_mark),
        cmocka_unit_test(a_vocabulary_that_is_none_is_refused),
        cmocka_unit_test(vectors_are_the_references),
        cmocka_unit_test(the_fake_counts_words),
        cmocka_unit_test(a_word_is_what_it_means_where_it_stands),
        cmocka_unit_test(the_fake_gives_each_word_a_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
