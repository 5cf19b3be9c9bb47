#include "utils/password.h"

#include "base/cleanup.h"
#include "utils/crypto_init.h"

#include <crypt.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define AT_ONCE_MAX 4

_Static_assert(PASSWORD_HASH_SIZE >= crypto_pwhash_STRBYTES, "an encoded hash fits");

const struct password_cost password_cost_default = {2, 64u << 20};
const struct password_cost password_cost_for_tests = {crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static sem_t free_turns;

static void turns_init(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    sem_init(&free_turns, 0, cores < 1 ? 1 : cores > AT_ONCE_MAX ? AT_ONCE_MAX : (unsigned)cores);
}

/* As many at a time as there are cores: more would not be faster, and each takes its 64 MiB. */
static void turn_begin(void)
{
    pthread_once(&once, turns_init);
    while (sem_wait(&free_turns) != 0 && errno == EINTR)
        ;
}

static void turn_end(void)
{
    sem_post(&free_turns);
}

enum status password_hash(const char *password, const struct password_cost *cost, char out[PASSWORD_HASH_SIZE],
                          struct error *err)
{
    char hash[crypto_pwhash_STRBYTES] = {0};
    size_t len = strlen(password);
    if (len > PASSWORD_BYTES_MAX)
        return error_set(err, STATUS_TOO_LARGE, "password_too_long", "password", "Use a password of at most %d bytes.",
                         PASSWORD_BYTES_MAX);
    crypto_init();
    /* The algorithm is named, so that a newer libsodium does not change what we write. */
    turn_begin();
    int failed =
        crypto_pwhash_str_alg(hash, password, len, cost->operations, cost->memory_bytes, crypto_pwhash_ALG_ARGON2ID13);
    turn_end();
    if (failed != 0)
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL,
                         "There is not enough memory to hash a password now.");
    memset(out, 0, PASSWORD_HASH_SIZE);
    memcpy(out, hash, sizeof(hash));
    return STATUS_OK;
}

static bool is_argon2id(const char *hash)
{
    return strncmp(hash, "$argon2id$", 10) == 0 && strlen(hash) < crypto_pwhash_STRBYTES;
}

static bool is_bcrypt(const char *hash)
{
    return hash[0] == '$' && hash[1] == '2' && hash[2] != '\0' && strchr("aby", hash[2]) != NULL && hash[3] == '$' &&
           strlen(hash) == 60;
}

static bool verify_bcrypt(const char *password, const char *hash)
{
    cleanup(freep) struct crypt_data *work = calloc(1, sizeof(*work)); /* 32 KiB: not for a thread's stack */
    if (work == NULL)
        return false;
    const char *made = crypt_r(password, hash, work);
    bool same = made != NULL && strlen(made) == 60 && sodium_memcmp(made, hash, 60) == 0;
    sodium_memzero(work, sizeof(*work));
    return same;
}

bool password_verify_dummy(const char *password, const struct password_cost *cost)
{
    uint8_t key[32], salt[crypto_pwhash_SALTBYTES] = {0};
    size_t len = strnlen(password, PASSWORD_BYTES_MAX);
    crypto_init();
    /* The work of a real verification; a failure (no memory) would fail that too. */
    turn_begin();
    int done = crypto_pwhash(key, sizeof(key), password, len, salt, cost->operations, cost->memory_bytes,
                             crypto_pwhash_ALG_ARGON2ID13);
    turn_end();
    sodium_memzero(key, sizeof(key));
    (void)done;
    return false;
}

bool password_verify(const char *password, const char *hash, const struct password_cost *cost)
{
    size_t len = strlen(password);
    if (len > PASSWORD_BYTES_MAX || hash == NULL)
        return password_verify_dummy(password, cost);
    crypto_init();
    if (is_argon2id(hash)) {
        turn_begin();
        bool same = crypto_pwhash_str_verify(hash, password, len) == 0;
        turn_end();
        return same;
    }
    if (is_bcrypt(hash))
        return verify_bcrypt(password, hash);
    return password_verify_dummy(password, cost);
}

bool password_needs_rehash(const char *hash, const struct password_cost *cost)
{
    crypto_init();
    return !is_argon2id(hash) || crypto_pwhash_str_needs_rehash(hash, cost->operations, cost->memory_bytes) != 0;
}
