#ifndef VIVA_SERVICES_PDF_H
#define VIVA_SERVICES_PDF_H
/* A document of flowing text on A4, by Cairo and Pango: text that can be selected and searched, links, an outline,
 * structure tags for readers that speak, a footer with page numbers. Points (1/72 inch) throughout; x and y from the
 * top left. Nothing fails on the way: the first fault is kept and told by pdf_finish. A document belongs to one thread;
 * several may be made at once. The same calls give the same bytes. */

#include "base/buf.h"
#include "base/status.h"

#include <cairo.h>
#include <stdint.h>

#define PDF_WIDTH  595.0
#define PDF_HEIGHT 842.0
#define PDF_MARGIN 54.0
#define PDF_INNER  (PDF_WIDTH - 2 * PDF_MARGIN)

enum pdf_weight { PDF_REGULAR, PDF_MEDIUM, PDF_BOLD };

struct pdf_style {
    const char *tag; /* a structure type of PDF 1.7: "P" (NULL), "H1", "TD", "BlockQuote" ... */
    double size;
    enum pdf_weight weight;
    bool italic, right; /* right: aligned there */
    uint32_t colour;    /* 0xRRGGBB */
    double indent;      /* from the left margin */
    double width;       /* 0: to the right margin */
    double before;      /* space above; none at a page's top */
};

struct pdf_options {
    const char *title, *author, *footer; /* footer: left of the page number */
    const char *language;                /* "en" */
    int64_t made_at;                     /* Unix ms: the date in it */
};

struct pdf;

/* draw is called twice with the same document in mind: for counting the pages, and for good. It draws nothing but
 * through p. STATUS_TOO_LARGE when the buffer's limit is reached. */
typedef void pdf_draw(struct pdf *p, const void *u);
enum status pdf_make(const struct pdf_options *o, pdf_draw *draw, const void *u, struct buf *out,
                     struct error *err) must_check;

/* Text from the present line on, over as many pages as it takes. Broken UTF-8 is mended, control characters are spaces.
 * link: NULL, or a URI. */
void pdf_text(struct pdf *p, const struct pdf_style *s, const char *text, const char *link);
/* The same beside what comes next: the line does not move on. Returns its height; it does not break over pages. */
double pdf_beside(struct pdf *p, const struct pdf_style *s, const char *text, const char *link);
/* A heading that is in the outline too; level 1, 2. It stays with `keep` points of what follows. */
void pdf_heading(struct pdf *p, int level, const char *text, double keep);
/* Begins a new page when less than this is left. */
void pdf_need(struct pdf *p, double height);
void pdf_skip(struct pdf *p, double height);
void pdf_rule(struct pdf *p, uint32_t colour);

/* For charts: the present line's y, and the canvas. What is drawn is moved past by pdf_skip. */
double pdf_y(const struct pdf *p);
void pdf_go(struct pdf *p, double y); /* the present line is there */
cairo_t *pdf_canvas(struct pdf *p);
void pdf_colour(struct pdf *p, uint32_t colour);
/* A structure element around what follows, to its end ("Table", "TR", "L", "LI", "Figure"); attributes: "" or as Cairo
 * reads them. It must end on the page it began on, unless it holds nothing but other elements. */
void pdf_begin(struct pdf *p, const char *tag, const char *attributes);
void pdf_end(struct pdf *p, const char *tag);

#endif
