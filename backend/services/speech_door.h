#ifndef VIVA_SERVICES_SPEECH_DOOR_H
#define VIVA_SERVICES_SPEECH_DOOR_H
/* Lets requests to the engines. An engine does a few things side by side, and live interviews go to the same one: one
 * place is kept free of requests, so that no file, however long, makes a candidate wait. Behind those that are served
 * some may wait; the others are refused, for each holds a thread that other requests need. Any thread. */

#include "base/status.h"

struct speech_door;

enum speech_engine { SPEECH_ENGINE_STT, SPEECH_ENGINE_TTS };

/* parallel: what an engine does side by side; most: requests inside, served or waiting, at both engines together (at
 * least 1). NULL when out of memory. */
struct speech_door *speech_door_new(unsigned parallel, unsigned most);
struct speech_door *speech_door_free(struct speech_door *d);

/* Waits for a place. STATUS_UNAVAILABLE "speech_busy" without waiting when too many do. d NULL: nobody is kept out. */
enum status speech_door_enter(struct speech_door *d, enum speech_engine at, struct error *err) must_check;
void speech_door_leave(struct speech_door *d, enum speech_engine at);

#endif
