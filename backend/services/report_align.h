#ifndef VIVA_SERVICES_REPORT_ALIGN_H
#define VIVA_SERVICES_REPORT_ALIGN_H
/* How much of a reference an answer says, word by word: each word of the reference, by what it means where it stands,
 * is looked for among all words of the answer (the recall of BERTScore, Zhang et al. 2020), rare words counting more.
 * What one answer has beside that changes nothing. */

#include "providers/provider.h"

struct alignment {
    double all;   /* mean over the reference's words of the nearest word's similarity, 0..1 */
    double own;   /* the same without the question's words */
    double clear; /* the same, each from 0.5 (nothing) to 0.9 (all) */
};

/* texts: the answer in parts, each as long as the embedder looks at. */
enum status align_texts(struct embed *e, const char *reference, const char *question, const char *const *texts,
                        size_t n, struct alignment *ret, struct error *err) must_check;

#endif
