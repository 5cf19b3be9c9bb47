#ifndef VIVA_UTILS_CRYPTO_INIT_H
#define VIVA_UTILS_CRYPTO_INIT_H
/* libsodium wants sodium_init() before most of its functions; it is thread-safe and cheap when done. Aborts when it
 * fails, which means that the kernel has no randomness. */
void crypto_init(void);

#endif
