#include "providers/ort/ort.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "providers/provider.h"
#include "providers/stopper.h"

#include <dlfcn.h>
#include <onnxruntime_c_api.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The oldest API with everything used here; 1.21 and later have it. */
#define API_VERSION 21

/* Written once under the lock, before any session exists; read freely afterwards. Never closed: sessions may live until
 * exit. */
static pthread_mutex_t g_lock = PTHREAD_MUTEX_INITIALIZER;
static const OrtApi *g_api;
static OrtEnv *g_env;
static OrtMemoryInfo *g_memory;

struct ort_session {
    OrtSession *session;
};

static enum status failed(OrtStatus *s, struct error *err, const char *what)
{
    enum status st =
        error_set(err, STATUS_UNAVAILABLE, "engine_failed", NULL, "%s: %.200s", what, g_api->GetErrorMessage(s));
    g_api->ReleaseStatus(s);
    return st;
}

#define TRY(call, what)                                                                                                \
    do {                                                                                                               \
        OrtStatus *status_ = (call);                                                                                   \
        if (status_ != NULL)                                                                                           \
            return failed(status_, err, what);                                                                         \
    } while (0)

static void *open_library(const struct provider_config *cfg, struct error *err)
{
    char beside[512];
    snprintf(beside, sizeof beside, "%s/lib/libonnxruntime.so", cfg->models_dir);
    const char *given = cfg->ort_library != NULL && cfg->ort_library[0] != '\0' ? cfg->ort_library : NULL;
    const char *const candidates[] = {given != NULL ? given : beside, given != NULL ? NULL : "libonnxruntime.so",
                                      given != NULL ? NULL : "libonnxruntime.so.1"};

    for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++) {
        if (candidates[i] == NULL || (candidates[i][0] == '/' && !file_exists(candidates[i])))
            continue;
        void *handle = dlopen(candidates[i], RTLD_NOW | RTLD_LOCAL);
        if (handle != NULL)
            return handle;
        if (candidates[i][0] == '/') {
            error_set(err, STATUS_UNAVAILABLE, "engine_failed", NULL, "ONNX Runtime cannot be opened: %.200s",
                      dlerror());
            return NULL;
        }
    }
    error_set(err, STATUS_UNAVAILABLE, "engine_missing", NULL,
              "ONNX Runtime is not there (%s): run `viva models fetch`, or set ORT_LIBRARY", candidates[0]);
    return NULL;
}

static enum status start(const OrtApi *api, struct error *err)
{
    OrtEnv *env = NULL;
    OrtMemoryInfo *memory = NULL;

    g_api = api;
    TRY(api->CreateEnv(ORT_LOGGING_LEVEL_ERROR, "viva", &env), "ONNX Runtime does not start");
    OrtStatus *s = api->DisableTelemetryEvents(env);
    if (s != NULL)
        api->ReleaseStatus(s);
    s = api->CreateCpuMemoryInfo(OrtDeviceAllocator, OrtMemTypeDefault, &memory);
    if (s != NULL) {
        api->ReleaseEnv(env);
        return failed(s, err, "ONNX Runtime does not start");
    }
    g_memory = memory;
    g_env = env;
    return STATUS_OK;
}

static enum status ensure_started(const struct provider_config *cfg, struct error *err)
{
    enum status st = STATUS_OK;

    pthread_mutex_lock(&g_lock);
    if (g_env == NULL) {
        void *handle = open_library(cfg, err);
        const OrtApiBase *(*base)(void) = NULL;
        if (handle == NULL) {
            st = STATUS_UNAVAILABLE;
        } else if ((*(void **)&base = dlsym(handle, "OrtGetApiBase")) == NULL || base()->GetApi(API_VERSION) == NULL) {
            st = error_set(err, STATUS_UNAVAILABLE, "engine_failed", NULL,
                           "this ONNX Runtime is too old: 1.21 or newer is needed; run `viva models fetch`");
            dlclose(handle);
        } else {
            st = start(base()->GetApi(API_VERSION), err);
        }
    }
    pthread_mutex_unlock(&g_lock);
    return st;
}

/* Spinning would burn whole cores between the operators of small models. The memory patterns are off: they are kept for
 * every shape met, and each sound is another shape. */
static enum status make_options(unsigned threads, enum ort_memory memory, OrtSessionOptions **ret, struct error *err)
{
    OrtSessionOptions *o = NULL;

    TRY(g_api->CreateSessionOptions(&o), "session options");
    OrtStatus *s = g_api->SetIntraOpNumThreads(o, (int)(threads == 0 ? 1 : threads));
    if (s == NULL)
        s = g_api->SetInterOpNumThreads(o, 1);
    if (s == NULL)
        s = g_api->SetSessionGraphOptimizationLevel(o, ORT_ENABLE_ALL);
    if (s == NULL)
        s = g_api->AddSessionConfigEntry(o, "session.intra_op.allow_spinning", "0");
    if (s == NULL) /* exact on processors without VNNI, where int8 weights would saturate */
        s = g_api->AddSessionConfigEntry(o, "session.x64quantprecision", "1");
    if (s == NULL)
        s = g_api->DisableMemPattern(o);
    if (s == NULL && memory == ORT_MALLOC)
        s = g_api->DisableCpuMemArena(o);
    if (s != NULL) {
        g_api->ReleaseSessionOptions(o);
        return failed(s, err, "session options");
    }
    *ret = o;
    return STATUS_OK;
}

enum status ort_session_new(const struct provider_config *cfg, const char *path, unsigned threads,
                            enum ort_memory memory, struct ort_session **ret, struct error *err)
{
    char full[768];
    snprintf(full, sizeof full, "%s/%s", cfg->models_dir, path);
    if (!file_exists(full))
        return error_set(err, STATUS_UNAVAILABLE, "engine_missing", NULL,
                         "the model %.200s is not there: run `viva models fetch` (or set MODELS_DIR)", full);
    enum status st = ensure_started(cfg, err);
    if (st != STATUS_OK)
        return st;

    OrtSessionOptions *options = NULL;
    st = make_options(threads, memory, &options, err);
    if (st != STATUS_OK)
        return st;
    OrtSession *session = NULL;
    OrtStatus *s = g_api->CreateSession(g_env, full, options, &session);
    g_api->ReleaseSessionOptions(options);
    if (s != NULL)
        return failed(s, err, path);
    struct ort_session *made = calloc(1, sizeof *made);
    if (made == NULL) {
        g_api->ReleaseSession(session);
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "no memory for %s", path);
    }
    made->session = session;
    *ret = made;
    return STATUS_OK;
}

struct ort_session *ort_session_free(struct ort_session *s)
{
    if (s != NULL) {
        g_api->ReleaseSession(s->session);
        free(s);
    }
    return NULL;
}

enum status ort_metadata(struct ort_session *s, const char *key, struct arena *a, const char **ret, struct error *err)
{
    OrtModelMetadata *metadata = NULL;
    OrtAllocator *allocator = NULL;
    char *value = NULL;

    TRY(g_api->GetAllocatorWithDefaultOptions(&allocator), "metadata");
    TRY(g_api->SessionGetModelMetadata(s->session, &metadata), "metadata");
    OrtStatus *status = g_api->ModelMetadataLookupCustomMetadataMap(metadata, allocator, key, &value);
    g_api->ReleaseModelMetadata(metadata);
    if (status != NULL)
        return failed(status, err, "metadata");
    const char *copy = arena_strdup(a, value == NULL ? "" : value);
    if (value != NULL)
        allocator->Free(allocator, value);
    if (copy == NULL)
        return arena_exhausted(err);
    *ret = copy;
    return STATUS_OK;
}

static const struct {
    ONNXTensorElementDataType type;
    size_t size;
} kinds[] = {[ORT_FLOAT] = {ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, sizeof(float)},
             [ORT_INT64] = {ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64, sizeof(int64_t)},
             [ORT_BOOL] = {ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL, 1}};

enum status ort_borrow(enum ort_type type, void *data, const int64_t *dims, size_t rank, struct OrtValue **ret,
                       struct error *err)
{
    size_t bytes = kinds[type].size;
    for (size_t i = 0; i < rank; i++)
        bytes *= (size_t)dims[i];
    TRY(g_api->CreateTensorWithDataAsOrtValue(g_memory, data, bytes, dims, rank, kinds[type].type, ret), "tensor");
    return STATUS_OK;
}

enum status ort_tensor(enum ort_type type, const int64_t *dims, size_t rank, struct OrtValue **ret, struct error *err)
{
    OrtAllocator *allocator = NULL;
    TRY(g_api->GetAllocatorWithDefaultOptions(&allocator), "tensor");
    TRY(g_api->CreateTensorAsOrtValue(allocator, dims, rank, kinds[type].type, ret), "tensor");
    return STATUS_OK;
}

void ort_release(struct OrtValue **v)
{
    if (*v != NULL)
        g_api->ReleaseValue(*v);
    *v = NULL;
}

void ort_release_all(struct OrtValue **v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ort_release(&v[i]);
}

void *ort_data(struct OrtValue *v)
{
    void *data = NULL;
    OrtStatus *s = g_api->GetTensorMutableData(v, &data);
    if (s != NULL)
        g_api->ReleaseStatus(s);
    return data;
}

size_t ort_count(const struct OrtValue *v)
{
    OrtTensorTypeAndShapeInfo *info = NULL;
    size_t n = 0;
    OrtStatus *s = g_api->GetTensorTypeAndShape(v, &info);
    if (s == NULL) {
        s = g_api->GetTensorShapeElementCount(info, &n);
        g_api->ReleaseTensorTypeAndShapeInfo(info);
    }
    if (s != NULL) {
        g_api->ReleaseStatus(s);
        return 0;
    }
    return n;
}

static void end_run(void *what)
{
    OrtStatus *s = g_api->RunOptionsSetTerminate(what);
    if (s != NULL)
        g_api->ReleaseStatus(s);
}

static enum status stopped(struct error *err)
{
    return error_set(err, STATUS_GONE, "stopped", NULL, "nobody needs it any more");
}

enum status ort_run(struct ort_session *s, const char *const *in_names, struct OrtValue *const *in, size_t n_in,
                    const char *const *out_names, struct OrtValue **out, size_t n_out, struct error *err)
{
    OrtRunOptions *options = NULL;
    if (stopper_attached())
        TRY(g_api->CreateRunOptions(&options), "run options");
    if (!stopper_enter(end_run, options)) {
        g_api->ReleaseRunOptions(options);
        return stopped(err);
    }
    OrtStatus *status =
        g_api->Run(s->session, options, in_names, (const OrtValue *const *)in, n_in, out_names, n_out, out);
    stopper_leave();
    if (options != NULL)
        g_api->ReleaseRunOptions(options);
    return status == NULL ? STATUS_OK : failed(status, err, "inference failed");
}
