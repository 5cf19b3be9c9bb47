/* PDF: poppler's programs tell text, places and pixels (resume_text.h). */
#include "base/cleanup.h"
#include "base/subprocess.h"
#include "services/resume_parts.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_MS    10000
#define MEMORY_BYTES  (768ull << 20)
#define TEXT_OUT_MAX  (4u << 20)
#define WORDS_OUT_MAX (24u << 20)
#define IMAGE_OUT_MAX (48u << 20) /* RESUME_PAGES_MAX pages of LONG_SIDE pixels */
#define LONG_SIDE     "1000"
#define WORDS_MAX     6000 /* of one page; further ones are not looked at */
#define TINY_PT       3.5  /* height of a line of words in points: a size of about 3 */
#define CONTRAST      24   /* of 255: less is no difference to the eye */
#define INK_LEAST     0.012
#define OVERLAP_MOST  0.5
#define TEXT_FLAG     "UTF-8"

struct box {
    double x0, y0, x1, y1; /* points from the page's upper left */
};

struct word {
    struct box at;
    const char *text; /* escaped */
    size_t n;
};

struct page {
    double width, height;
    struct box crop; /* what a viewer shows */
    struct word *words;
    size_t count;
};

/* -----------------------------------------------------------------------------------------------------------------
 * programs */

static enum status run(const char *const argv[], struct buf *out, struct error *err)
{
    const struct subprocess_limits lim = {.timeout_ms = TIMEOUT_MS, .memory_bytes = MEMORY_BYTES, .file_bytes = 1};
    cleanup(buf_free) struct buf said;
    buf_init(&said, 4096);
    const struct subprocess_io io = {.out = out, .err = &said};
    enum status st = subprocess_run(argv, &io, &lim, err);
    if (st == STATUS_TOO_LARGE)
        return resume_too_long(err);
    if (st == STATUS_IO && strstr(buf_cstr(&said), "assword"))
        return resume_encrypted(err);
    return st == STATUS_IO ? resume_unreadable(err) : st;
}

/* -----------------------------------------------------------------------------------------------------------------
 * pages and their boxes */

static enum status check_info(const char *info, int *pages, struct error *err)
{
    const char *at = strstr(info, "\nPages:"), *locked = strstr(info, "\nEncrypted:");
    if (locked && strstr(locked, "yes") && strstr(locked, "yes") < locked + 24)
        return resume_encrypted(err);
    *pages = at ? atoi(at + 7) : 0;
    if (*pages < 1)
        return resume_unreadable(err);
    return *pages > RESUME_PAGES_MAX ? resume_too_long(err) : STATUS_OK;
}

static bool read_box(const char *info, int page, const char *name, struct box *ret)
{
    char start[48];
    snprintf(start, sizeof start, "\nPage %4d %s:", page, name);
    const char *at = strstr(info, start);
    return at && sscanf(at + strlen(start), "%lf %lf %lf %lf", &ret->x0, &ret->y0, &ret->x1, &ret->y1) == 4;
}

/* The crop box from the media box's upper left; everything when the page is turned or says nothing. */
static struct box crop_of(const char *info, int page)
{
    struct box media, crop, all = {-INFINITY, -INFINITY, INFINITY, INFINITY};
    char turned[48];
    snprintf(turned, sizeof turned, "\nPage %4d rot:", page);
    const char *rot = strstr(info, turned);
    if (!rot || atoi(rot + strlen(turned)) != 0 || !read_box(info, page, "MediaBox", &media) ||
        !read_box(info, page, "CropBox", &crop))
        return all;
    return (struct box){crop.x0 - media.x0, media.y1 - crop.y1, crop.x1 - media.x0, media.y1 - crop.y0};
}

/* -----------------------------------------------------------------------------------------------------------------
 * words and their places */

static double attribute(const char *tag, const char *name)
{
    char start[32];
    const char *end = strchr(tag, '>');
    snprintf(start, sizeof start, " %s=\"", name);
    const char *at = strstr(tag, start);
    return at && end && at < end ? strtod(at + strlen(start), NULL) : NAN;
}

static bool outside(const struct box *b, const struct box *area)
{
    double x = (b->x0 + b->x1) / 2, y = (b->y0 + b->y1) / 2;
    return x < area->x0 || x > area->x1 || y < area->y0 || y > area->y1;
}

/* Reads one <page> of pdftotext -bbox; *at moves behind it. False when there is none left. */
static bool next_page(const char **at, struct page *p)
{
    const char *start = strstr(*at, "<page "), *end = start ? strstr(start, "</page>") : NULL;
    if (!end)
        return false;
    p->width = attribute(start, "width");
    p->height = attribute(start, "height");
    p->count = 0;
    for (const char *w = strstr(start, "<word "); w && w < end && p->count < WORDS_MAX; w = strstr(w + 1, "<word ")) {
        const char *text = strchr(w, '>'), *stop = text ? strstr(text, "</word>") : NULL;
        struct box b = {attribute(w, "xMin"), attribute(w, "yMin"), attribute(w, "xMax"), attribute(w, "yMax")};
        if (!stop || !isfinite(b.x0 + b.y0 + b.x1 + b.y1))
            break;
        p->words[p->count++] = (struct word){b, text + 1, (size_t)(stop - text) - 1};
    }
    *at = end;
    return true;
}

static double area(const struct box *b)
{
    return b->x1 > b->x0 && b->y1 > b->y0 ? (b->x1 - b->x0) * (b->y1 - b->y0) : 0;
}

/* Without the space above and below its letters, where a neighbour's may reach. */
static struct box core(struct box b)
{
    double trim = (b.y1 - b.y0) * 0.15;
    return (struct box){b.x0, b.y0 + trim, b.x1, b.y1 - trim};
}

static bool overlaid(const struct word *a, const struct word *b)
{
    if (a->n == b->n && !memcmp(a->text, b->text, a->n))
        return false; /* printed twice, for bold or a shadow */
    struct box x = core(a->at), y = core(b->at);
    struct box both = {fmax(x.x0, y.x0), fmax(x.y0, y.y0), fmin(x.x1, y.x1), fmin(x.y1, y.y1)};
    double least = fmin(area(&x), area(&y));
    return least > 0 && area(&both) > OVERLAP_MOST * least;
}

static void hide(struct resume_found *f, enum resume_hidden how, const struct word *w)
{
    struct buf b;
    buf_init(&b, RESUME_HIDDEN_MAX);
    resume_decode(&b, w->text, w->n);
    if (buf_ok(&b))
        resume_hide(f, how, buf_cstr(&b), b.len);
    buf_free(&b);
}

/* -----------------------------------------------------------------------------------------------------------------
 * what is drawn */

struct image { /* PGM, a byte a pixel */
    const unsigned char *pixels;
    int width, height;
};

/* Reads one image; *at moves behind it. */
static bool next_image(const unsigned char **at, const unsigned char *end, struct image *ret)
{
    char head[64] = {0};
    size_t left = (size_t)(end - *at);
    int used = 0, depth = 0;
    memcpy(head, *at, left < sizeof head - 1 ? left : sizeof head - 1);
    if (sscanf(head, "P5 %d %d %d%n", &ret->width, &ret->height, &depth, &used) != 3 || depth != 255 ||
        ret->width < 1 || ret->height < 1 || ret->width > 20000 || ret->height > 20000)
        return false;
    size_t bytes = (size_t)ret->width * (size_t)ret->height, skip = (size_t)used + 1;
    if (left < skip + bytes)
        return false;
    ret->pixels = *at + skip;
    *at += skip + bytes;
    return true;
}

static int pixel(double v, int most)
{
    return v < 0 ? 0 : v > most ? most : (int)v;
}

/* How much of the word's place differs from its ground. */
static double ink(const struct image *img, const struct page *p, const struct word *w)
{
    unsigned counts[256] = {0};
    unsigned all = 0, ground = 0, differ = 0;
    struct box b = core(w->at);
    double sx = img->width / p->width, sy = img->height / p->height;
    int x0 = pixel(floor(b.x0 * sx), img->width), x1 = pixel(ceil(b.x1 * sx), img->width);
    int y0 = pixel(floor(b.y0 * sy), img->height), y1 = pixel(ceil(b.y1 * sy), img->height);
    for (int y = y0; y < y1; y++)
        for (int x = x0; x < x1; x++, all++)
            counts[img->pixels[(size_t)y * (size_t)img->width + (size_t)x]]++;
    for (unsigned i = 1; i < 256; i++)
        if (counts[i] > counts[ground])
            ground = i;
    for (unsigned i = 0; i < 256; i++)
        if ((i > ground ? i - ground : ground - i) > CONTRAST)
            differ += counts[i];
    return all ? (double)differ / all : 0;
}

static bool worth_looking(const struct word *w)
{
    size_t letters = 0;
    for (size_t i = 0; i < w->n; i++)
        letters += (w->text[i] >= '0' && w->text[i] <= '9') || (w->text[i] & 0x80) ||
                   ((w->text[i] | 32) >= 'a' && (w->text[i] | 32) <= 'z');
    return letters >= 2;
}

static void judge_page(const struct page *p, const struct image *img, struct resume_found *f)
{
    for (size_t i = 0; i < p->count; i++) {
        const struct word *w = &p->words[i];
        bool over = false;
        if (!worth_looking(w))
            continue;
        for (size_t k = 0; k < p->count && !over; k++)
            over = k != i && overlaid(w, &p->words[k]);
        if (outside(&w->at, &p->crop))
            hide(f, RESUME_HIDDEN_OFF_PAGE, w);
        else if (w->at.y1 - w->at.y0 < TINY_PT)
            hide(f, RESUME_HIDDEN_TINY, w);
        else if (ink(img, p, w) < INK_LEAST)
            hide(f, RESUME_HIDDEN_UNSEEN, w);
        else if (over)
            hide(f, RESUME_HIDDEN_OVERLAID, w);
    }
}

static enum status judge_pages(const char *path, const char *info, int pages, struct resume_found *f, struct error *err)
{
    const char *const words_of[] = {"pdftotext", "-q", "-bbox", "-enc", TEXT_FLAG, path, "-", NULL};
    const char *const image_of[] = {"pdftoppm", "-q", "-gray", "-scale-to", LONG_SIDE, path, NULL};
    cleanup(buf_free) struct buf words, images;
    buf_init(&words, WORDS_OUT_MAX);
    buf_init(&images, IMAGE_OUT_MAX);
    cleanup(freep) struct word *list = calloc(WORDS_MAX, sizeof *list);
    if (!list)
        return error_set(err, STATUS_NO_MEMORY, "no_memory", NULL, "Out of memory");
    enum status st = run(words_of, &words, err);
    if (st == STATUS_OK)
        st = run(image_of, &images, err);
    const char *at = buf_cstr(&words);
    const unsigned char *image_at = (const unsigned char *)images.data, *end = image_at + images.len;
    struct page p = {.words = list};
    struct image img;
    for (int i = 1; st == STATUS_OK && i <= pages; i++) {
        if (!next_page(&at, &p) || !image_at || !next_image(&image_at, end, &img) || !(p.width > 0) || !(p.height > 0))
            return resume_unreadable(err);
        p.crop = crop_of(info, i);
        judge_page(&p, &img, f);
    }
    /* A title may lie about the number of pages above; what was not looked at is not taken. */
    return st == STATUS_OK && strstr(at, "<page ") ? resume_unreadable(err) : st;
}

/* -----------------------------------------------------------------------------------------------------------------
 * beside the page */

/* pdftohtml tells of text that pdftotext leaves out, because it stands outside the media box. */
static enum status judge_beside(const char *path, struct resume_found *f, struct error *err)
{
    const char *const argv[] = {"pdftohtml", "-q", "-xml", "-hidden", "-i", "-zoom", "1", "-stdout", path, NULL};
    cleanup(buf_free) struct buf out;
    double width = 0, height = 0;
    buf_init(&out, WORDS_OUT_MAX);
    enum status st = run(argv, &out, err);
    if (st != STATUS_OK)
        return st;
    for (const char *at = strchr(buf_cstr(&out), '<'); at; at = strchr(at + 1, '<')) {
        if (!strncmp(at, "<page ", 6)) {
            width = attribute(at, "width");
            height = attribute(at, "height");
        }
        if (strncmp(at, "<text ", 6))
            continue;
        const char *text = strchr(at, '>'), *stop = text ? strstr(text, "</text>") : NULL;
        struct box b = {.x0 = attribute(at, "left"), .y0 = attribute(at, "top")};
        b.x1 = b.x0 + attribute(at, "width");
        b.y1 = b.y0 + attribute(at, "height");
        if (!stop)
            break;
        const struct word w = {b, text + 1, (size_t)(stop - text) - 1};
        if (b.x1 <= 0 || b.x0 >= width || b.y1 <= 0 || b.y0 >= height)
            hide(f, RESUME_HIDDEN_OFF_PAGE, &w);
        at = stop;
    }
    return STATUS_OK;
}

enum status resume_pdf(const char *path, struct resume_found *f, struct error *err)
{
    char last[16];
    snprintf(last, sizeof last, "%d", RESUME_PAGES_MAX);
    const char *const info_of[] = {"pdfinfo", "-box", "-f", "1", "-l", last, path, NULL};
    const char *const text_of[] = {"pdftotext", "-q", "-nopgbrk", "-enc", TEXT_FLAG, path, "-", NULL};
    cleanup(buf_free) struct buf info, text;
    int pages = 0;
    buf_init(&info, 1u << 20);
    buf_init(&text, TEXT_OUT_MAX);
    enum status st = run(info_of, &info, err);
    if (st == STATUS_OK)
        st = check_info(buf_cstr(&info), &pages, err);
    if (st == STATUS_OK)
        st = run(text_of, &text, err);
    if (st == STATUS_OK)
        st = judge_pages(path, buf_cstr(&info), pages, f, err);
    if (st == STATUS_OK)
        st = judge_beside(path, f, err);
    if (st == STATUS_OK)
        buf_append(&f->text, text.data ? text.data : "", text.len);
    return st;
}
