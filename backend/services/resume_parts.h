#ifndef VIVA_SERVICES_RESUME_PARTS_H
#define VIVA_SERVICES_RESUME_PARTS_H
/* What the readers of each kind of file share; for services/resume_*.c only. */

#include "base/buf.h"
#include "services/resume_text.h"

#define RESUME_KINDS 7 /* of enum resume_hidden */

/* What a reader found: the text as it stands, and what is hidden, by how. */
struct resume_found {
    struct buf text;
    struct buf hidden[RESUME_KINDS];
    size_t letters[RESUME_KINDS]; /* also of what was no longer kept */
};

void resume_found_init(struct resume_found *f);
void resume_found_free(struct resume_found *f); /* for cleanup() */
void resume_hide(struct resume_found *f, enum resume_hidden how, const char *text, size_t n);

enum status resume_pdf(const char *path, struct resume_found *f, struct error *err) must_check;
enum status resume_docx(const char *path, struct resume_found *f, struct error *err) must_check;
/* The part of resume_docx behind the archive: word/document.xml, and word/styles.xml or "". */
enum status resume_docx_read(const char *document, const char *styles, struct resume_found *f,
                             struct error *err) must_check;

/* Appends text of XML, its entities decoded, up to n bytes. */
void resume_decode(struct buf *out, const char *text, size_t n);
enum status resume_unreadable(struct error *err);
enum status resume_too_long(struct error *err);
enum status resume_encrypted(struct error *err);

#endif
