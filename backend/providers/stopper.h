#ifndef VIVA_PROVIDERS_STOPPER_H
#define VIVA_PROVIDERS_STOPPER_H
/* Lets one thread end what another is at: an inference that nobody waits for any more leaves the processor to one that
 * somebody does. Thread-safe. */

#include <stdbool.h>

struct stopper;

struct stopper *stopper_new(void);               /* NULL: out of memory */
struct stopper *stopper_free(struct stopper *s); /* takes NULL, returns NULL; what it was for is over */
void stopper_stop(struct stopper *s);            /* from now on nothing begins, and what runs ends. Takes NULL */
bool stopper_stopped(struct stopper *s);         /* takes NULL */

/* What this thread does from here on may be ended by s; NULL: not any more. */
void stopper_attach(struct stopper *s);
/* Around a step of it, on this thread. False: it is not to begin. Until stopper_leave `end` may be called with `what`
 * from another thread, once. Without a stopper attached: true, and nothing is called. */
bool stopper_enter(void (*end)(void *what), void *what);
void stopper_leave(void);
bool stopper_attached(void);

#endif
