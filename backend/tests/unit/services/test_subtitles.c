#include "unit/base/check.h"

#include "base/cleanup.h"
#include "services/subtitles.h"

static struct transcription_segment segments[] = {
    {.start = 0.4, .end = 1.9996, .text = "Well & <good>"},
    {.start = 3725.5, .end = 36000, .text = "two\n\nlines --> here"},
    {.start = -0.001, .end = 0, .text = ""},
};

static void check(enum subtitles kind, size_t n, const char *want)
{
    cleanup(buf_free) struct buf b;
    const struct transcription t = {.segments = {segments, n}};
    buf_init(&b, 1 << 16);
    subtitles_write(kind, &t, &b);
    assert_string_equal(buf_cstr(&b), want);
}

static void subrip(void **state)
{
    (void)state;
    check(SUBTITLES_SRT, 3,
          "1\n00:00:00,400 --> 00:00:02,000\nWell & <good>\n\n"
          "2\n01:02:05,500 --> 10:00:00,000\ntwo  lines --> here\n\n"
          "3\n00:00:00,000 --> 00:00:00,000\n\n\n");
    check(SUBTITLES_SRT, 0, "");
}

static void webvtt(void **state)
{
    (void)state;
    check(SUBTITLES_VTT, 2,
          "WEBVTT\n\n00:00:00.400 --> 00:00:02.000\nWell &amp; &lt;good&gt;\n\n"
          "01:02:05.500 --> 10:00:00.000\ntwo  lines --&gt; here\n\n");
    check(SUBTITLES_VTT, 0, "WEBVTT\n\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(subrip), cmocka_unit_test(webvtt)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
