/* `viva models`: what is installed and whether it is intact, told here; fetched by tools/models/models.py. */

#include "app/cli.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/json_read.h"
#include "utils/sha256.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define JSON_FILE_MAX (4u << 20)
#define ARGS_MAX      32

static const char models_help[] =
    "Usage: viva models list | fetch [ID...] | verify\n\n"
    "  list            what models.lock names, and whether it is installed in MODELS_DIR\n"
    "  fetch [ID...]   download, verify and convert what is missing (needs python3 with venv, and npm); goes on where "
    "it stopped\n"
    "  verify          SHA-256 of every installed file\n\n"
    "VIVA_TOOLS_DIR says where tools/ is when the binary was moved away from its source tree.\n";

/* The tools folder of this installation. */
static const char *tools_dir(struct arena *a)
{
    const char *given = getenv("VIVA_TOOLS_DIR");
    return given != NULL && given[0] != '\0' ? given : arena_printf(a, "%s/tools", config_root(a));
}

static enum status read_json(const char *path, struct json_doc **ret, struct error *err)
{
    cleanup(freep) char *text = NULL;
    size_t len = 0;
    enum status st = file_read(path, JSON_FILE_MAX, &text, &len, err);
    return st == STATUS_OK ? json_parse(text, len, ret, err) : st;
}

static const struct json_val *find_model(const struct json_doc *manifest, const char *id)
{
    const struct json_val *models = json_get(json_root(manifest), "models");
    for (size_t i = 0; i < json_len(models); i++)
        if (strcmp(json_get_string(json_at(models, i), "id", ""), id) == 0)
            return json_at(models, i);
    return NULL;
}

/* Lower-case hex of the file's SHA-256, "" when it cannot be read. */
static void hash_file(const char *path, char out[65])
{
    uint8_t digest[SHA256_SIZE];
    struct error err = {0};

    out[0] = '\0';
    if (sha256_file(path, digest, &err) == STATUS_OK)
        sha256_hex(digest, out);
}

/* What is wrong with an installed model, in words; "" when it is intact. */
static const char *problem(const struct config *c, const struct json_val *model, struct arena *a)
{
    const struct json_val *files = json_get(model, "files");
    for (size_t i = 0; i < json_len(files); i++) {
        char hash[65];
        const char *name = json_get_string(json_at(files, i), "path", "");
        const char *path = arena_printf(a, "%s/%s", c->models_dir, name);
        hash_file(path, hash);
        if (hash[0] == '\0')
            return arena_printf(a, "%s is missing", name);
        if (strcmp(hash, json_get_string(json_at(files, i), "sha256", "")) != 0)
            return arena_printf(a, "%s has changed", name);
    }
    return "";
}

static int verify(const struct config *c, const struct json_doc *manifest, struct arena *a)
{
    const struct json_val *models = json_get(json_root(manifest), "models");
    int bad = 0;
    for (size_t i = 0; i < json_len(models); i++) {
        const char *why = problem(c, json_at(models, i), a);
        printf("%-26s %s\n", json_get_string(json_at(models, i), "id", "?"), why[0] == '\0' ? "ok" : why);
        bad += why[0] != '\0';
    }
    if (json_len(models) == 0 || bad > 0)
        fprintf(stderr, "viva: models: %s: run `viva models fetch`\n",
                bad > 0 ? "not all are intact" : "none are installed");
    return json_len(models) == 0 || bad > 0;
}

static int list(const struct config *c, const struct json_doc *manifest, struct arena *a)
{
    cleanup(json_doc_freep) struct json_doc *lock = NULL;
    struct error err = {0};
    const char *path = arena_printf(a, "%s/../models.lock", tools_dir(a));
    if (read_json(path, &lock, &err) != STATUS_OK) {
        fprintf(stderr, "viva: models: %s cannot be read: set VIVA_TOOLS_DIR to the tools folder of the source tree\n",
                path);
        return 1;
    }
    const struct json_val *models = json_get(json_root(lock), "models");
    printf("MODELS_DIR: %s\n", c->models_dir);
    for (size_t i = 0; i < json_len(models); i++) {
        const struct json_val *m = json_at(models, i);
        const char *id = json_get_string(m, "id", "?");
        printf("%-26s %-6s %-10s %s [%s]\n", id, json_get_string(m, "kind", ""),
               find_model(manifest, id) != NULL ? "installed" : "missing", json_get_string(m, "name", ""),
               json_get_string(m, "licence", ""));
    }
    return 0;
}

/* Becomes the script: its progress and its exit code are ours. */
static int fetch(const struct config *c, int argc, char **argv, struct arena *a)
{
    const char *script = arena_printf(a, "%s/models/models.py", tools_dir(a));
    const char *args[ARGS_MAX] = {"python3", script, "fetch", "--models-dir", c->models_dir};
    size_t n = 5;

    if (script == NULL || !file_exists(script)) {
        fprintf(stderr, "viva: models: %s is not there: set VIVA_TOOLS_DIR to the tools folder of the source tree\n",
                script == NULL ? "models.py" : script);
        return 1;
    }
    for (int i = 2; i < argc && n + 1 < ARGS_MAX; i++)
        args[n++] = argv[i];
    fflush(stdout);
    execvp(args[0], (char *const *)args);
    fprintf(stderr, "viva: models: python3 cannot be run (%s): apt-get install python3 python3-venv\n",
            strerror(errno));
    return 1;
}

int command_models(const struct config *c, int argc, char **argv)
{
    cleanup(arena_freep) struct arena *a = arena_new(1 << 20);
    cleanup(json_doc_freep) struct json_doc *manifest = NULL;
    struct error err = {0};

    if (argc >= 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        fputs(models_help, stdout);
        return 0;
    }
    const char *what = argc < 2 ? "" : argv[1];
    if (a == NULL)
        return cli_fail("models", (arena_exhausted(&err), &err));
    if (strcmp(what, "fetch") == 0)
        return fetch(c, argc, argv, a);
    if (argc != 2 || (strcmp(what, "list") != 0 && strcmp(what, "verify") != 0))
        return cli_usage("models", "it takes list, fetch [ID...] or verify");
    const char *path = arena_printf(a, "%s/manifest.json", c->models_dir);
    if (file_exists(path) && read_json(path, &manifest, &err) != STATUS_OK)
        return cli_fail("models", &err);
    return strcmp(what, "list") == 0 ? list(c, manifest, a) : verify(c, manifest, a);
}
