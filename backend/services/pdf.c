#include "services/pdf.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define FONT        "Inter, Noto Sans, DejaVu Sans, sans-serif"
#define BOTTOM      (PDF_HEIGHT - PDF_MARGIN - 14) /* above the footer */
#define LINE_SPACE  1.32f
#define FOOTER_SIZE 8.0
#define GREY        0x586668u

struct pdf {
    const struct pdf_options *options;
    cairo_surface_t *surface;
    cairo_t *cr;
    PangoFontMap *fonts;
    PangoContext *context;
    double y;
    int page, pages; /* pages 0: not known yet */
    int parents[3];  /* the outline's last item of each level */
};

/* ---- colours, structure ---- */

void pdf_colour(struct pdf *p, uint32_t c)
{
    cairo_set_source_rgb(p->cr, (c >> 16 & 255) / 255.0, (c >> 8 & 255) / 255.0, (c & 255) / 255.0);
}

void pdf_begin(struct pdf *p, const char *tag, const char *attributes)
{
    cairo_tag_begin(p->cr, tag, attributes);
}

void pdf_end(struct pdf *p, const char *tag)
{
    cairo_tag_end(p->cr, tag);
}

double pdf_y(const struct pdf *p)
{
    return p->y;
}

void pdf_go(struct pdf *p, double y)
{
    p->y = y;
}

cairo_t *pdf_canvas(struct pdf *p)
{
    return p->cr;
}

/* ---- text ---- */

static PangoLayout *layout_of(struct pdf *p, const struct pdf_style *s, const char *text)
{
    static const PangoWeight weights[] = {PANGO_WEIGHT_NORMAL, PANGO_WEIGHT_MEDIUM, PANGO_WEIGHT_SEMIBOLD};
    PangoLayout *l = pango_layout_new(p->context);
    PangoFontDescription *font = pango_font_description_from_string(FONT);
    char *valid = g_utf8_make_valid(text ? text : "", -1);
    for (char *c = valid; *c; c++)
        if ((unsigned char)*c < ' ' && *c != '\n')
            *c = ' ';
    pango_font_description_set_absolute_size(font, s->size * PANGO_SCALE);
    pango_font_description_set_weight(font, weights[s->weight]);
    pango_font_description_set_style(font, s->italic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL);
    pango_layout_set_font_description(l, font);
    pango_layout_set_text(l, valid, -1);
    pango_layout_set_width(l, (int)((s->width > 0 ? s->width : PDF_INNER - s->indent) * PANGO_SCALE));
    pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(l, s->right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
    pango_layout_set_line_spacing(l, LINE_SPACE);
    pango_font_description_free(font);
    g_free(valid);
    return l;
}

static void link_begin(struct pdf *p, const char *link)
{
    char attributes[700];
    if (!link)
        return;
    snprintf(attributes, sizeof attributes, "uri='%.600s'", strpbrk(link, "'\\") ? "" : link);
    cairo_tag_begin(p->cr, CAIRO_TAG_LINK, attributes);
}

static void link_end(struct pdf *p, const char *link)
{
    if (link)
        cairo_tag_end(p->cr, CAIRO_TAG_LINK);
}

/* ---- pages ---- */

static void footer(struct pdf *p)
{
    char number[64];
    const double y = p->y;
    const struct pdf_style left = {.tag = "P", .size = FOOTER_SIZE, .colour = GREY, .width = PDF_INNER - 90},
                           right = {.tag = "P", .size = FOOTER_SIZE, .colour = GREY, .right = true};
    snprintf(number, sizeof number, "Page %d of %d", p->page, p->pages);
    p->y = BOTTOM + 12;
    pdf_beside(p, &left, p->options->footer, NULL);
    pdf_beside(p, &right, number, NULL);
    p->y = y;
}

static void turn_page(struct pdf *p)
{
    footer(p);
    cairo_show_page(p->cr);
    p->page++;
    p->y = PDF_MARGIN;
}

void pdf_need(struct pdf *p, double height)
{
    if (p->y + height > BOTTOM && p->y > PDF_MARGIN)
        turn_page(p);
}

void pdf_skip(struct pdf *p, double height)
{
    if (p->y > PDF_MARGIN)
        p->y += height;
}

void pdf_rule(struct pdf *p, uint32_t colour)
{
    pdf_colour(p, colour);
    cairo_set_line_width(p->cr, 0.6);
    cairo_move_to(p->cr, PDF_MARGIN, p->y);
    cairo_line_to(p->cr, PDF_WIDTH - PDF_MARGIN, p->y);
    cairo_stroke(p->cr);
}

static void element_begin(struct pdf *p, const struct pdf_style *s, const char *link)
{
    cairo_tag_begin(p->cr, s->tag ? s->tag : "P", "");
    link_begin(p, link);
    pdf_colour(p, s->colour);
}

static void element_end(struct pdf *p, const struct pdf_style *s, const char *link)
{
    link_end(p, link);
    cairo_tag_end(p->cr, s->tag ? s->tag : "P");
}

void pdf_text(struct pdf *p, const struct pdf_style *s, const char *text, const char *link)
{
    PangoLayout *l = layout_of(p, s, text);
    PangoLayoutIter *i = pango_layout_get_iter(l);
    int top = 0; /* of the text, in Pango's units, where the present page began */
    PangoRectangle line;
    pango_layout_iter_get_line_extents(i, NULL, &line);
    pdf_skip(p, s->before);
    pdf_need(p, (double)line.height / PANGO_SCALE);
    element_begin(p, s, link);
    do {
        pango_layout_iter_get_line_extents(i, NULL, &line);
        double at = (double)(line.y - top) / PANGO_SCALE, height = (double)line.height / PANGO_SCALE;
        if (p->y + at + height > BOTTOM && at > 0) {
            element_end(p, s, link);
            turn_page(p);
            element_begin(p, s, link);
            top = line.y;
            at = 0;
        }
        cairo_move_to(p->cr, PDF_MARGIN + s->indent + (double)line.x / PANGO_SCALE,
                      p->y + at + (double)(pango_layout_iter_get_baseline(i) - line.y) / PANGO_SCALE);
        pango_cairo_show_layout_line(p->cr, pango_layout_iter_get_line_readonly(i));
    } while (pango_layout_iter_next_line(i));
    element_end(p, s, link);
    p->y += (double)(line.y + line.height - top) / PANGO_SCALE;
    pango_layout_iter_free(i);
    g_object_unref(l);
}

double pdf_beside(struct pdf *p, const struct pdf_style *s, const char *text, const char *link)
{
    int width, height;
    PangoLayout *l = layout_of(p, s, text);
    pango_layout_get_size(l, &width, &height);
    element_begin(p, s, link);
    cairo_move_to(p->cr, PDF_MARGIN + s->indent, p->y);
    pango_cairo_show_layout(p->cr, l);
    element_end(p, s, link);
    g_object_unref(l);
    return (double)height / PANGO_SCALE;
}

void pdf_heading(struct pdf *p, int level, const char *text, double keep)
{
    const struct pdf_style s = {.tag = level == 1 ? "H1" : "H2",
                                .size = level == 1 ? 20 : 13,
                                .weight = PDF_BOLD,
                                .colour = 0x172021,
                                .before = level == 1 ? 0 : 20};
    char attributes[40];
    char *valid = g_utf8_make_valid(text, -1);
    pdf_need(p, s.before + s.size * LINE_SPACE + keep);
    snprintf(attributes, sizeof attributes, "page=%d pos=[0.0 %.1f]", p->page, p->y);
    p->parents[level] = cairo_pdf_surface_add_outline(p->surface, level == 1 ? CAIRO_PDF_OUTLINE_ROOT : p->parents[1],
                                                      valid, attributes, CAIRO_PDF_OUTLINE_FLAG_OPEN);
    g_free(valid);
    pdf_text(p, &s, text, NULL);
}

/* ---- the document ---- */

static cairo_status_t append(void *u, const unsigned char *data, unsigned n)
{
    struct buf *out = u;
    buf_append(out, data, n);
    return buf_ok(out) ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static void describe(struct pdf *p)
{
    const struct pdf_options *o = p->options;
    const time_t t = (time_t)(o->made_at / 1000);
    struct tm tm;
    char date[32] = "";
    if (gmtime_r(&t, &tm))
        strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &tm);
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_TITLE, o->title);
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_AUTHOR, o->author);
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATOR, "Viva");
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_MOD_DATE, date);
}

/* Draws all of it; returns how many pages that took, 0 after a fault. */
static int pass(const struct pdf_options *o, pdf_draw *draw, const void *u, int pages, struct buf *out)
{
    struct pdf p = {.options = o, .y = PDF_MARGIN, .page = 1, .pages = pages};
    p.surface = cairo_pdf_surface_create_for_stream(out ? append : NULL, out, PDF_WIDTH, PDF_HEIGHT);
    p.cr = cairo_create(p.surface);
    p.fonts = pango_cairo_font_map_new();
    p.context = pango_font_map_create_context(p.fonts);
    pango_cairo_context_set_resolution(p.context, 72);
    pango_context_set_language(p.context, pango_language_from_string(o->language));
    describe(&p);
    cairo_tag_begin(p.cr, "Document", "");
    draw(&p, u);
    footer(&p);
    cairo_tag_end(p.cr, "Document");
    cairo_show_page(p.cr);
    cairo_surface_finish(p.surface);
    const bool fine =
        cairo_status(p.cr) == CAIRO_STATUS_SUCCESS && cairo_surface_status(p.surface) == CAIRO_STATUS_SUCCESS;
    g_object_unref(p.context);
    g_object_unref(p.fonts);
    cairo_destroy(p.cr);
    cairo_surface_destroy(p.surface);
    return fine ? p.page : 0;
}

enum status pdf_make(const struct pdf_options *o, pdf_draw *draw, const void *u, struct buf *out, struct error *err)
{
    const int pages = pass(o, draw, u, 0, NULL);
    if (pages > 0 && pass(o, draw, u, pages, out) == pages)
        return STATUS_OK;
    if (!buf_ok(out))
        return error_set(err, STATUS_TOO_LARGE, "document_too_large", NULL, "This is too long for one PDF");
    return error_set(err, STATUS_INTERNAL, "pdf_failed", NULL, "The PDF could not be made");
}

#ifdef __SANITIZE_ADDRESS__
/* Fontconfig 2.14 loses some bytes of its patterns once for each map of fonts (they are its own). */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\n";
}
#endif
