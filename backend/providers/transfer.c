#include "providers/transfer.h"

static bool set_protocol(CURL *c, enum transfer_protocol p)
{
#if LIBCURL_VERSION_NUM >= 0x075500
    static const char *const names[] = {"http", "https", "smtp,smtps"};
    return curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, names[p]) == CURLE_OK;
#else
    static const long bits[] = {CURLPROTO_HTTP, CURLPROTO_HTTPS, CURLPROTO_SMTP | CURLPROTO_SMTPS};
    return curl_easy_setopt(c, CURLOPT_PROTOCOLS, bits[p]) == CURLE_OK;
#endif
}

bool transfer_confine(CURL *c, enum transfer_protocol p, int64_t connect_ms, int64_t whole_ms)
{
    return set_protocol(c, p) && curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_PROXY, "") == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)connect_ms) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)whole_ms) == CURLE_OK;
}

void transfer_url_freep(CURLU **u)
{
    curl_url_cleanup(*u);
    *u = NULL;
}

void transfer_text_freep(char **s)
{
    curl_free(*s);
    *s = NULL;
}

void transfer_freep(CURL **c)
{
    curl_easy_cleanup(*c);
    *c = NULL;
}
