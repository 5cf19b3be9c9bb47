#include "services/subtitles.h"

#include <math.h>
#include <string.h>

static void write_time(enum subtitles kind, double seconds, struct buf *out)
{
    const long long ms = llround(fmax(seconds, 0) * 1000);
    buf_printf(out, "%02lld:%02lld:%02lld%c%03lld", ms / 3600000, ms / 60000 % 60, ms / 1000 % 60,
               kind == SUBTITLES_VTT ? '.' : ',', ms % 1000);
}

/* An empty line would end the cue, and WebVTT reads '<' and '&' as its own: "-->" cannot come about then either. */
static void write_text(enum subtitles kind, const char *text, struct buf *out)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n' || *text == '\r')
            buf_char(out, ' ');
        else if (kind == SUBTITLES_VTT && *text == '<')
            buf_str(out, "&lt;");
        else if (kind == SUBTITLES_VTT && *text == '>')
            buf_str(out, "&gt;");
        else if (kind == SUBTITLES_VTT && *text == '&')
            buf_str(out, "&amp;");
        else
            buf_char(out, *text);
    }
}

void subtitles_write(enum subtitles kind, const struct transcription *t, struct buf *out)
{
    const struct transcription_segment *s = t->segments.items;
    if (kind == SUBTITLES_VTT)
        buf_str(out, "WEBVTT\n\n");
    for (size_t i = 0; i < t->segments.count; i++) {
        if (kind == SUBTITLES_SRT)
            buf_printf(out, "%zu\n", i + 1);
        write_time(kind, s[i].start, out);
        buf_str(out, " --> ");
        write_time(kind, s[i].end, out);
        buf_char(out, '\n');
        write_text(kind, s[i].text, out);
        buf_str(out, "\n\n");
    }
}
