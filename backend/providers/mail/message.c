/* RFC 5322 headers, RFC 2047 words in the subject, RFC 2045 quoted-printable for the text. */
#include "base/utf8.h"
#include "providers/mail/mail.h"

#include <string.h>
#include <time.h>

#define LINE_MAX_QP 76 /* RFC 2045 section 6.7, with the soft break */
#define WORD_BYTES                                                                                                     \
    42 /* of text in an encoded word: 56 characters of base64 and 12 around them, below the 75 allowed                 \
        */
#define ADDRESS_MAX 254

static bool plain(const char *text)
{
    for (const char *p = text; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            return false;
    return true;
}

bool mail_is_address(const char *text)
{
    const char *at = text ? strrchr(text, '@') : NULL;
    if (!at || at == text || !at[1] || strlen(text) > ADDRESS_MAX)
        return false;
    for (const char *p = text; *p; p++)
        if (*p <= 0x20 || *p >= 0x7f || strchr("<>()[],;:\\\"", *p))
            return false;
    return memchr(text, '@', (size_t)(at - text)) == NULL;
}

static void put_date(struct buf *out, int64_t unix_ms)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t at = (time_t)(unix_ms / 1000);
    struct tm tm = {0};
    gmtime_r(&at, &tm);
    buf_printf(out, "Date: %s, %02d %s %04d %02d:%02d:%02d +0000\r\n", days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon],
               tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static void put_base64(struct buf *out, const unsigned char *p, size_t n)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < n; i += 3) {
        unsigned v = (unsigned)p[i] << 16 | (i + 1 < n ? (unsigned)p[i + 1] << 8 : 0) | (i + 2 < n ? p[i + 2] : 0);
        buf_char(out, digits[v >> 18]);
        buf_char(out, digits[v >> 12 & 63]);
        buf_char(out, i + 1 < n ? digits[v >> 6 & 63] : '=');
        buf_char(out, i + 2 < n ? digits[v & 63] : '=');
    }
}

/* ASCII as it is; else encoded words, none of which cuts a character. */
static void put_subject(struct buf *out, const char *text)
{
    size_t n = strlen(text);
    bool ascii = n <= LINE_MAX_QP - 9;
    for (const char *p = text; *p; p++)
        ascii = ascii && (unsigned char)*p < 0x80;
    buf_str(out, "Subject:");
    if (ascii) {
        buf_printf(out, " %s\r\n", text);
        return;
    }
    while (n > 0) {
        size_t part = 0, step = 0;
        while (part < n && part + (step = utf8_next(text + part, n - part, NULL)) <= WORD_BYTES)
            part += step ? step : 1;
        buf_str(out, " =?UTF-8?B?");
        put_base64(out, (const unsigned char *)text, part);
        buf_str(out, "?=\r\n");
        text += part;
        n -= part;
    }
}

/* One byte of a line; at_end: the line ends after it, where spaces would be lost. */
static void put_byte(struct buf *out, unsigned char c, bool at_end, size_t *column)
{
    bool literal = (c >= 0x21 && c <= 0x7e && c != '=') || ((c == ' ' || c == '\t') && !at_end);
    size_t width = literal ? 1 : 3;
    if (*column + width > LINE_MAX_QP - 1) {
        buf_str(out, "=\r\n");
        *column = 0;
    }
    if (literal)
        buf_char(out, (char)c);
    else
        buf_printf(out, "=%02X", c);
    *column += width;
}

static void put_text(struct buf *out, const char *text)
{
    size_t column = 0;
    for (const char *p = text; *p; p++) {
        if (*p == '\n') {
            buf_str(out, "\r\n");
            column = 0;
        } else {
            put_byte(out, (unsigned char)*p, p[1] == '\n' || !p[1], &column);
        }
    }
    if (column > 0)
        buf_str(out, "\r\n");
}

enum status mail_compose(const char *from, const struct mail_message *msg, struct buf *out, struct error *err)
{
    char id[ID_TEXT_SIZE];
    if (!mail_is_address(from) || !mail_is_address(msg->to) || !msg->subject[0] || !plain(msg->subject) ||
        !utf8_valid(msg->subject, strlen(msg->subject)))
        return error_set(err, STATUS_INVALID, "mail_header", NULL, "An address or the subject of a mail is no such");
    id_format(msg->id, id);
    put_date(out, msg->date);
    buf_printf(out, "From: <%s>\r\nTo: <%s>\r\n", from, msg->to);
    put_subject(out, msg->subject);
    buf_printf(out, "Message-ID: <%s@%s>\r\n", id, strrchr(from, '@') + 1);
    buf_str(out, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                 "Content-Transfer-Encoding: quoted-printable\r\nAuto-Submitted: auto-generated\r\n\r\n");
    put_text(out, msg->text);
    return buf_ok(out) ? STATUS_OK : error_set(err, STATUS_NO_MEMORY, "no_memory", NULL, "A mail is too long");
}
