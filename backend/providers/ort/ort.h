#ifndef VIVA_PROVIDERS_ORT_H
#define VIVA_PROVIDERS_ORT_H
/* ONNX Runtime's C API, opened at run time so that the server starts without the library and can say what is missing.
 * One environment a process. A session may be run from several threads at once; values belong to one thread. */

#include "base/arena.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct provider_config;
struct ort_session;
struct OrtValue; /* ONNX Runtime's own: a tensor */

/* How a session gets memory for its tensors. An arena is quicker, and keeps the peak of the largest input for ever:
 * right for small steps made thousands of times, wrong for whole sounds. */
enum ort_memory { ORT_ARENA, ORT_MALLOC };

enum ort_type { ORT_FLOAT, ORT_INT64, ORT_BOOL };

/* Opens the library (cfg->ort_library, else models_dir/lib, else the system's) once a process, and loads
 * models_dir/path. STATUS_UNAVAILABLE "engine_missing" when the library or the file is not there, "engine_failed" when
 * it cannot be used. */
enum status ort_session_new(const struct provider_config *cfg, const char *path, unsigned threads,
                            enum ort_memory memory, struct ort_session **ret, struct error *err) must_check;
struct ort_session *ort_session_free(struct ort_session *s);

/* Value of a metadata key of the model, in a; "" when it has none. */
enum status ort_metadata(struct ort_session *s, const char *key, struct arena *a, const char **ret,
                         struct error *err) must_check;

/* A tensor over the caller's memory, which must outlive it. */
enum status ort_borrow(enum ort_type type, void *data, const int64_t *dims, size_t rank, struct OrtValue **ret,
                       struct error *err) must_check;
/* A tensor with memory of its own, its contents undefined. */
enum status ort_tensor(enum ort_type type, const int64_t *dims, size_t rank, struct OrtValue **ret,
                       struct error *err) must_check;
void ort_release(struct OrtValue **v); /* takes a pointer to NULL, sets NULL */
void ort_release_all(struct OrtValue **v, size_t n);
void *ort_data(struct OrtValue *v);
size_t ort_count(const struct OrtValue *v); /* elements */

/* Runs the graph; a stopper (providers/stopper.h) that is attached to the thread ends it with a failure. out[] must be
 * NULLs (filled, then the caller's) or the caller's tensors of the right shape. */
enum status ort_run(struct ort_session *s, const char *const *in_names, struct OrtValue *const *in, size_t n_in,
                    const char *const *out_names, struct OrtValue **out, size_t n_out, struct error *err) must_check;

#endif
