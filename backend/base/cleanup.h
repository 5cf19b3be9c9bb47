#ifndef VIVA_BASE_CLEANUP_H
#define VIVA_BASE_CLEANUP_H
/* Scope-bound release: `cleanup(fd_closep) int fd = -1;` calls fd_closep(&fd) when the scope ends. */

#include <stdio.h>

#define cleanup(f) __attribute__((cleanup(f)))

void freep(void *p);        /* p is the address of a malloc'd pointer; frees it and sets it to NULL */
void fd_closep(int *fd);    /* closes when >= 0 */
void file_closep(FILE **f); /* closes when not NULL */

#endif
