#ifndef VIVA_MODELS_LANGUAGES_H
#define VIVA_MODELS_LANGUAGES_H

/* The English name of a language by its ISO 639-1 code (what follows a "-" or "_" does not count); "another language"
 * for one that has no name here. */
const char *language_name(const char *code);

#endif
