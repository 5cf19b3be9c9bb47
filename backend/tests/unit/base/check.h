#ifndef VIVA_TESTS_CHECK_H
#define VIVA_TESTS_CHECK_H
/* cmocka and what it needs before it, and two checks every test wants. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/status.h"

#define assert_ok(call)                                                                                                \
    do {                                                                                                               \
        enum status st_ = (call);                                                                                      \
        if (st_ != STATUS_OK)                                                                                          \
            fail_msg("%s: %s", #call, status_name(st_));                                                               \
    } while (0)

#define assert_status(call, wanted)                                                                                    \
    do {                                                                                                               \
        enum status st_ = (call);                                                                                      \
        if (st_ != (wanted))                                                                                           \
            fail_msg("%s: %s, not %s", #call, status_name(st_), status_name(wanted));                                  \
    } while (0)

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#endif
