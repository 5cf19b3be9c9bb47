#include "base/cleanup.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void freep(void *p)
{
    void *owned;
    memcpy(&owned, p, sizeof(owned)); /* p is the address of a pointer of any type */
    free(owned);
    memset(p, 0, sizeof(owned));
}

void fd_closep(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

void file_closep(FILE **f)
{
    if (*f != NULL)
        fclose(*f);
    *f = NULL;
}
