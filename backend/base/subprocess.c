#include "base/subprocess.h"

#include "base/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define DEFAULT_BYTES (1ull << 30)
#define PATH_DEFAULT  "/usr/local/bin:/usr/bin:/bin"
#define NPROC_MAX     8192 /* counts all processes of the user, ours included: only there against a runaway */
#define NOFILE_MAX    256
#define PIPE_CHUNK    16384

/* ------------------------------------------------------------------------------------------------- finding the program
 */

static bool runnable(const char *path)
{
    return access(path, X_OK) == 0;
}

static bool find_program(const char *name, char *out, size_t size)
{
    if (strchr(name, '/') != NULL)
        return (size_t)snprintf(out, size, "%s", name) < size && runnable(out);
    const char *path = getenv("PATH");
    if (path == NULL || path[0] == '\0')
        path = PATH_DEFAULT;
    while (*path != '\0') {
        size_t len = strcspn(path, ":");
        int n = snprintf(out, size, "%.*s/%s", (int)len, path, name);
        if (path[0] == '/' && n > 0 && (size_t)n < size && runnable(out)) /* no relative entries: not from the cwd */
            return true;
        path += len + (path[len] == ':');
    }
    return false;
}

/* ---------------------------------------------------------------------------------------------------------- the child
 */

struct child_plan {
    const char *program;
    char *const *argv;
    char *const *envp;
    int fd[3];  /* become 0, 1, 2; all above 2 */
    int report; /* gets errno when exec fails; closed by a successful exec */
    struct rlimit as, fsize, cpu, nproc, nofile, core;
};

static void child_limits(const struct child_plan *p)
{
    setrlimit(RLIMIT_AS, &p->as);
    setrlimit(RLIMIT_FSIZE, &p->fsize);
    setrlimit(RLIMIT_CPU, &p->cpu);
    setrlimit(RLIMIT_NPROC, &p->nproc);
    setrlimit(RLIMIT_NOFILE, &p->nofile);
    setrlimit(RLIMIT_CORE, &p->core);
}

/* Runs between vfork and exec, on the parent's memory, while other threads run: system calls only, nothing is written
 * but locals, no return. All signals are blocked when it starts. */
static _Noreturn void child_exec(const struct child_plan *p)
{
    struct sigaction sa;
    memset(&sa, 0, sizeof(sa));
    sa.sa_handler = SIG_DFL;
    for (int s = 1; s < 32; s++) /* ignored signals would stay ignored */
        sigaction(s, &sa, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);

    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (dup2(p->fd[0], 0) >= 0 && dup2(p->fd[1], 1) >= 0 && dup2(p->fd[2], 2) >= 0) {
        if (close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) != 0) {
            for (int fd = 3; fd < 4096; fd++) /* a kernel before 5.11 */
                fcntl(fd, F_SETFD, FD_CLOEXEC);
        }
        child_limits(p);
        execve(p->program, p->argv, p->envp);
    }
    int e = errno;
    ssize_t ignored = write(p->report, &e, sizeof(e));
    (void)ignored;
    _exit(127);
}

static __attribute__((noinline)) pid_t spawn(const struct child_plan *p)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* no handler of ours may run in the child */
    pid_t pid = vfork();
    if (pid == 0)
        child_exec(p);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return pid;
}

/* --------------------------------------------------------------------------------------------------------- the parent
 */

struct run {
    const char *name;
    const struct subprocess_io *io;
    int64_t deadline; /* monotonic ms */
    pid_t pid;
    int pidfd;                /* -1 on a kernel without */
    int child[3];             /* the child's ends, closed once it runs */
    int in, out, err, report; /* ours, -1 when closed */
    size_t written;
    bool exited, timed_out, too_large, broken_pipe;
};

static int64_t mono_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* The same descriptor above 2, where the child's dup2() to 0, 1 and 2 cannot run over it. */
static int above_stdio(int fd)
{
    if (fd < 0 || fd > 2)
        return fd;
    int moved = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    close(fd);
    return moved;
}

static bool make_pipe(int *reader, int *writer)
{
    int p[2];
    if (pipe2(p, O_CLOEXEC) != 0)
        return false;
    *reader = above_stdio(p[0]);
    *writer = above_stdio(p[1]);
    return *reader >= 0 && *writer >= 0;
}

static bool set_nonblocking(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0;
}

static bool plumb_stdin(struct run *r)
{
    if (r->io->in != NULL)
        return make_pipe(&r->child[0], &r->in) && set_nonblocking(r->in);
    if (r->io->in_fd > 0)
        r->child[0] = fcntl(r->io->in_fd, F_DUPFD_CLOEXEC, 3);
    else
        r->child[0] = above_stdio(open("/dev/null", O_RDONLY | O_CLOEXEC));
    return r->child[0] >= 0;
}

static bool plumb_output(const struct buf *b, int *ours, int *childs)
{
    if (b != NULL)
        return make_pipe(ours, childs) && set_nonblocking(*ours);
    *childs = above_stdio(open("/dev/null", O_WRONLY | O_CLOEXEC));
    return *childs >= 0;
}

static void close_all(struct run *r)
{
    int *const fds[] = {&r->in, &r->out, &r->err, &r->report, &r->pidfd, &r->child[0], &r->child[1], &r->child[2]};
    for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
        fd_closep(fds[i]);
}

static struct rlimit at_most(int which, uint64_t wanted)
{
    struct rlimit have, l = {.rlim_cur = wanted, .rlim_max = wanted};
    if (getrlimit((__rlimit_resource_t)which, &have) == 0 && have.rlim_max < l.rlim_max)
        l = (struct rlimit){.rlim_cur = have.rlim_max, .rlim_max = have.rlim_max};
    return l;
}

static void plan_limits(struct child_plan *p, const struct subprocess_limits *lim)
{
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    uint64_t seconds = lim->timeout_ms / 1000 + 1; /* of all threads together, so times the processors */
    p->as = at_most(RLIMIT_AS, lim->memory_bytes != 0 ? lim->memory_bytes : DEFAULT_BYTES);
    p->fsize = at_most(RLIMIT_FSIZE, lim->file_bytes != 0 ? lim->file_bytes : DEFAULT_BYTES);
    p->cpu = at_most(RLIMIT_CPU, seconds * (uint64_t)(cpus > 0 ? cpus : 1) + 1);
    p->nproc = at_most(RLIMIT_NPROC, NPROC_MAX);
    p->nofile = at_most(RLIMIT_NOFILE, NOFILE_MAX);
    p->core = at_most(RLIMIT_CORE, 0);
}

static enum status missing(struct error *err, const char *name)
{
    return error_set(err, STATUS_UNAVAILABLE, "program_missing", NULL, "The program %s is not installed. Install it.",
                     name);
}

static enum status cannot_start(struct error *err, const char *name, int e)
{
    char text[128];
    return error_set(err, STATUS_UNAVAILABLE, "program_start", NULL, "Cannot start %s: %s.", name,
                     strerror_r(e, text, sizeof(text)));
}

static enum status start(struct run *r, const char *const argv[], const struct subprocess_limits *lim,
                         struct error *err)
{
    static char env_path[] = "PATH=" PATH_DEFAULT, env_lang[] = "LANG=C.UTF-8", env_home[] = "HOME=/";
    char *const envp[] = {env_path, env_lang, env_home, NULL};
    char program[4096];
    if (!find_program(argv[0], program, sizeof(program)))
        return missing(err, argv[0]);

    struct child_plan p = {.program = program, .envp = envp, .report = -1};
    p.argv = (char *const *)(const void *)argv; /* execve takes char *const * but writes nothing */
    plan_limits(&p, lim);
    bool ok = plumb_stdin(r) && plumb_output(r->io->out, &r->out, &r->child[1]) &&
              plumb_output(r->io->err, &r->err, &r->child[2]) && make_pipe(&r->report, &p.report);
    if (ok) {
        memcpy(p.fd, r->child, sizeof(p.fd));
        r->pid = spawn(&p);
    }
    int e = errno;
    fd_closep(&p.report);
    for (int i = 0; i < 3; i++)
        fd_closep(&r->child[i]);
    if (!ok || r->pid < 0)
        return cannot_start(err, argv[0], e);

    ssize_t got;
    do
        got = read(r->report, &e, sizeof(e)); /* ends at the exec or at the child's end */
    while (got < 0 && errno == EINTR);
    if (got == (ssize_t)sizeof(e)) {
        waitpid(r->pid, NULL, 0);
        r->pid = -1;
        return e == ENOENT ? missing(err, argv[0]) : cannot_start(err, argv[0], e);
    }
    r->pidfd = pidfd_open(r->pid, 0);
    return STATUS_OK;
}

static void feed_stdin(struct run *r)
{
    const char *in = r->io->in;
    while (r->written < r->io->in_len) {
        size_t n = r->io->in_len - r->written;
        ssize_t done = write(r->in, in + r->written, n < PIPE_CHUNK ? n : PIPE_CHUNK);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0 && errno == EAGAIN)
            return;
        if (done < 0) { /* it reads no further, which is its right */
            r->broken_pipe |= errno == EPIPE;
            break;
        }
        r->written += (size_t)done;
    }
    fd_closep(&r->in);
}

/* Keeps the last b->max bytes. */
static void append_tail(struct buf *b, const char *p, size_t n)
{
    if (n > b->max) {
        p += n - b->max;
        n = b->max;
    }
    if (b->len + n > b->max) {
        size_t drop = b->len + n - b->max;
        memmove(b->data, b->data + drop, b->len - drop);
        b->len -= drop;
    }
    buf_append(b, p, n);
}

/* Takes what is there; closes *fd at its end. */
static void drain(struct run *r, int *fd, struct buf *b, bool tail)
{
    char chunk[PIPE_CHUNK];
    while (*fd >= 0 && !r->too_large) {
        ssize_t got = read(*fd, chunk, sizeof(chunk));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EAGAIN)
            return;
        if (got <= 0) {
            fd_closep(fd);
        } else if (tail) {
            append_tail(b, chunk, (size_t)got);
        } else {
            buf_append(b, chunk, (size_t)got);
            r->too_large = !buf_ok(b);
        }
        if (mono_ms() >= r->deadline) /* a program that never stops talking */
            return;
    }
}

static bool has_exited(const struct run *r)
{
    siginfo_t si = {0};
    return waitid(P_PID, (id_t)r->pid, &si, WEXITED | WNOHANG | WNOWAIT) == 0 && si.si_pid == r->pid;
}

/* Until it has exited (grandchildren that hold its pipes do not count), said too much, or had its time. */
static void pump(struct run *r)
{
    while (!r->exited && !r->too_large) {
        int64_t left = r->deadline - mono_ms();
        if (left <= 0) {
            r->timed_out = true;
            return;
        }
        struct pollfd fds[4] = {
            {.fd = r->in, .events = POLLOUT},
            {.fd = r->out, .events = POLLIN},
            {.fd = r->err, .events = POLLIN},
            {.fd = r->pidfd, .events = POLLIN},
        };
        if (r->pidfd < 0 && left > 20)
            left = 20;
        if (poll(fds, 4, left > 60000 ? 60000 : (int)left) < 0 && errno != EINTR)
            return;
        r->exited = has_exited(r); /* before the pipes are read, so that nothing it wrote is missed */
        if (r->exited)
            kill(-r->pid, SIGKILL); /* what it left behind must not write on */
        if (r->in >= 0 && fds[0].revents != 0)
            feed_stdin(r);
        drain(r, &r->out, r->io->out, false);
        drain(r, &r->err, r->io->err, true);
    }
}

static enum status outcome(const struct run *r, int status, struct error *err)
{
    if (r->too_large)
        return error_set(err, STATUS_TOO_LARGE, "program_output", NULL, "%s wrote more than is taken from it.",
                         r->name);
    if (r->timed_out)
        return error_set(err, STATUS_IO, "program_timeout", NULL, "%s took too long and was stopped.", r->name);
    if (WIFSIGNALED(status))
        return error_set(err, STATUS_IO, "program_failed", NULL, "%s was ended by signal %d.", r->name,
                         WTERMSIG(status));
    if (WEXITSTATUS(status) != 0)
        return error_set(err, STATUS_IO, "program_failed", NULL, "%s ended with exit status %d.", r->name,
                         WEXITSTATUS(status));
    return STATUS_OK;
}

/* Kills the group (also what the program left behind) before its leader is reaped, while the id is still taken. */
static int reap(struct run *r)
{
    int status = 0;
    kill(-r->pid, SIGKILL);
    while (waitpid(r->pid, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

/* A write into a pipe nobody reads must not end the server: SIGPIPE is blocked meanwhile, and one of ours is taken
 * away. */
static void pump_without_sigpipe(struct run *r)
{
    sigset_t pipe_set, before, pending;
    sigemptyset(&pipe_set);
    sigaddset(&pipe_set, SIGPIPE);
    sigpending(&pending);
    bool was_pending = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_set, &before);
    pump(r);
    if (r->broken_pipe && !was_pending) {
        struct timespec zero = {0};
        while (sigtimedwait(&pipe_set, NULL, &zero) < 0 && errno == EINTR)
            ;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

enum status subprocess_run(const char *const argv[], const struct subprocess_io *io,
                           const struct subprocess_limits *lim, struct error *err)
{
    static const struct subprocess_io nothing = {0};
    struct run r = {.name = argv[0], .io = io != NULL ? io : &nothing, .pid = -1, .pidfd = -1};
    r.in = r.out = r.err = r.report = r.child[0] = r.child[1] = r.child[2] = -1;
    r.deadline = mono_ms() + lim->timeout_ms;

    enum status st = start(&r, argv, lim, err);
    if (st == STATUS_OK) {
        pump_without_sigpipe(&r);
        st = outcome(&r, reap(&r), err);
    }
    close_all(&r);
    return st;
}
