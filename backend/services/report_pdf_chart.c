#include "services/pdf.h"
#include "services/report_pdf.h"

#include <math.h>

#define INK     0x172021u
#define GREY    0x586668u
#define RULE    0xdfe5e6u
#define MACHINE 0x03606fu
#define PEOPLE  0x8c5e0fu
#define LABEL   78.0 /* width of an axis's name */
#define LEVELS  5

static double angle_of(size_t i, size_t n)
{
    return -M_PI / 2 + 2 * M_PI * (double)i / (double)n;
}

static void outline(cairo_t *cr, double cx, double cy, const double *radius, size_t n)
{
    for (size_t i = 0; i < n; i++)
        cairo_line_to(cr, cx + radius[i] * cos(angle_of(i, n)), cy + radius[i] * sin(angle_of(i, n)));
    cairo_close_path(cr);
}

static void web(struct pdf *p, double cx, double cy, double r, size_t n)
{
    cairo_t *cr = pdf_canvas(p);
    double ring[REPORT_RADAR_AXES];
    pdf_colour(p, RULE);
    cairo_set_line_width(cr, 0.6);
    for (int level = 1; level <= LEVELS; level++) {
        for (size_t i = 0; i < n; i++)
            ring[i] = r * level / LEVELS;
        outline(cr, cx, cy, ring, n);
        cairo_stroke(cr);
    }
    for (size_t i = 0; i < n; i++) {
        cairo_move_to(cr, cx, cy);
        cairo_line_to(cr, cx + r * cos(angle_of(i, n)), cy + r * sin(angle_of(i, n)));
        cairo_stroke(cr);
    }
}

static void scores(struct pdf *p, double cx, double cy, double r, const struct report_competency *c, size_t n,
                   uint32_t colour, bool filled)
{
    cairo_t *cr = pdf_canvas(p);
    double radius[REPORT_RADAR_AXES];
    for (size_t i = 0; i < n; i++)
        radius[i] = isnan(c[i].score) ? 0 : r * c[i].score / LEVELS;
    outline(cr, cx, cy, radius, n);
    if (filled) {
        cairo_set_source_rgba(cr, (colour >> 16 & 255) / 255.0, (colour >> 8 & 255) / 255.0, (colour & 255) / 255.0,
                              0.14);
        cairo_fill_preserve(cr);
    }
    pdf_colour(p, colour);
    cairo_set_line_width(cr, 1.4);
    cairo_stroke(cr);
}

static void name_axis(struct pdf *p, double cx, double cy, double r, size_t i, size_t n, const char *name)
{
    const double x = cx + (r + 8) * cos(angle_of(i, n)), y = cy + (r + 8) * sin(angle_of(i, n));
    const bool middle = fabs(x - cx) < 4, left = x < cx;
    const struct pdf_style s = {.tag = "Span",
                                .size = 7.5,
                                .colour = INK,
                                .right = left && !middle,
                                .width = LABEL,
                                .indent = (middle ? x - LABEL / 3
                                           : left ? x - LABEL
                                                  : x) -
                                          PDF_MARGIN};
    const double back = pdf_y(p), at = y - (middle && y < cy ? 10 : 5);
    pdf_go(p, at);
    pdf_beside(p, &s, name, NULL);
    pdf_go(p, back);
}

bool report_pdf_radar(struct pdf *p, const struct list *competencies, const struct list *human, double x, double size)
{
    const struct report_competency *c = competencies->items;
    const size_t n = competencies->count;
    if (n < 3 || n > REPORT_RADAR_AXES)
        return false;
    for (size_t i = 0; i < n; i++)
        if (isnan(c[i].score))
            return false;
    const double r = size / 2 - 16, cx = x + size / 2, cy = pdf_y(p) + size / 2;
    web(p, cx, cy, r, n);
    scores(p, cx, cy, r, c, n, MACHINE, true);
    if (human && human->count == n)
        scores(p, cx, cy, r, human->items, n, PEOPLE, false);
    for (size_t i = 0; i < n; i++)
        name_axis(p, cx, cy, r, i, n, c[i].name);
    return true;
}

void report_pdf_bar(struct pdf *p, double x, double width, double score, uint32_t colour)
{
    cairo_t *cr = pdf_canvas(p);
    const double y = pdf_y(p) + 4.5;
    pdf_colour(p, RULE);
    cairo_rectangle(cr, x, y, width, 5);
    cairo_fill(cr);
    if (isnan(score))
        return;
    pdf_colour(p, colour);
    cairo_rectangle(cr, x, y, width * fmin(1, fmax(0, (score - 1) / 4)), 5);
    cairo_fill(cr);
}
