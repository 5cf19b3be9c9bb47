#include "models/languages.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *code, *name;
} names[] = {
    {"ar", "Arabic"},     {"bg", "Bulgarian"}, {"bn", "Bengali"},    {"ca", "Catalan"},    {"cs", "Czech"},
    {"da", "Danish"},     {"de", "German"},    {"el", "Greek"},      {"en", "English"},    {"es", "Spanish"},
    {"et", "Estonian"},   {"fa", "Persian"},   {"fi", "Finnish"},    {"fr", "French"},     {"he", "Hebrew"},
    {"hi", "Hindi"},      {"hr", "Croatian"},  {"hu", "Hungarian"},  {"id", "Indonesian"}, {"it", "Italian"},
    {"ja", "Japanese"},   {"ko", "Korean"},    {"lt", "Lithuanian"}, {"lv", "Latvian"},    {"nl", "Dutch"},
    {"no", "Norwegian"},  {"pl", "Polish"},    {"pt", "Portuguese"}, {"ro", "Romanian"},   {"ru", "Russian"},
    {"sk", "Slovak"},     {"sl", "Slovenian"}, {"sr", "Serbian"},    {"sv", "Swedish"},    {"ta", "Tamil"},
    {"te", "Telugu"},     {"th", "Thai"},      {"tr", "Turkish"},    {"uk", "Ukrainian"},  {"ur", "Urdu"},
    {"vi", "Vietnamese"}, {"zh", "Chinese"},
};

const char *language_name(const char *code)
{
    const size_t n = code == NULL ? 0 : strcspn(code, "-_");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i].code) == n && memcmp(names[i].code, code, n) == 0)
            return names[i].name;
    return "another language";
}
