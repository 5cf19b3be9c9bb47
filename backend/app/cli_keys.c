#include "app/cli.h"

#include "app/keys.h"
#include "base/file.h"

#include <stdio.h>
#include <string.h>

static const char keys_help[] =
    "Usage: viva keys list | rotate | retire\n\n"
    "list    prints the ids of the keys that tokens are signed and verified with; the first signs\n"
    "rotate  makes a new key in DATA_DIR/jwt.secret; the old ones go on to verify, so that nobody is logged out\n"
    "retire  removes the old keys: once what they signed is over (ACCESS_TOKEN_MINUTES, and two hours for "
    "recordings)\n\n"
    "Restart the server after rotate and after retire. Where JWT_SECRET is set, rotate by hand: the new secret into\n"
    "JWT_SECRET, the old one into JWT_SECRETS_OLD.\n";

static int print_keys(const struct config *c)
{
    struct token_keys *k = NULL;
    struct error err = {0};
    if (keys_load(c, &k, &err) != STATUS_OK)
        return cli_fail("keys", &err);
    for (size_t i = 0; token_keys_id(k, i); i++)
        printf("%s  %s\n", token_keys_id(k, i), i == 0 ? "signs" : "verifies");
    token_keys_free(k);
    return 0;
}

int command_keys(const struct config *c, int argc, char **argv)
{
    if (argc < 2 || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
        fputs(keys_help, argc < 2 ? stderr : stdout);
        return argc < 2 ? 2 : 0;
    }
    struct error err = {0};
    enum status st = dir_make(c->data_dir, &err);
    if (argc > 2)
        return cli_usage("keys", "it takes one word");
    if (!strcmp(argv[1], "rotate"))
        st = st == STATUS_OK ? keys_rotate(c, &err) : st;
    else if (!strcmp(argv[1], "retire"))
        st = st == STATUS_OK ? keys_retire(c, &err) : st;
    else if (strcmp(argv[1], "list"))
        return cli_usage("keys", "it takes list, rotate or retire");
    return st == STATUS_OK ? print_keys(c) : cli_fail("keys", &err);
}
