/* An object store that keeps nothing: what is measured against it is the client.

   sink PORT STATS_PORT DELAY_MS [CERTIFICATE KEY]

   One thread a connection; with a certificate PORT speaks TLS.
   It answers what the clients of the bench ask: PutObject, multipart uploads, HeadObject and an empty
   list. Sizes of objects are remembered, since rclone asks for them; no ETag is a hash; GET /stats tells how many objects
   and bytes there are, and forgets them, at STATS_PORT. It listens on loopback only. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define HEAD_MAX (64 * 1024)
#define SLOTS (1 << 18)

typedef struct { int fd; SSL *tls; char head[HEAD_MAX + 1]; size_t held; } Line;
typedef struct { unsigned long key; long size; } Object;

static Object objects[SLOTS];
static long object_count, byte_count, upload_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static SSL_CTX *tls_context;
static int delay_ms;
static int stats_listener;

static ssize_t receive(Line *line, char *into, size_t room) {
    if (line->tls) return SSL_read(line->tls, into, room > 1 << 20 ? 1 << 20 : (int)room);
    return recv(line->fd, into, room, 0);
}

/* Without TLS the bytes of a body are not even copied out of the kernel. */
static ssize_t discard(Line *line, size_t size) {
    static __thread char waste[1 << 18];
    if (line->tls) return SSL_read(line->tls, waste, size > sizeof waste ? sizeof waste : size);
    return recv(line->fd, waste, size > sizeof waste ? sizeof waste : size, MSG_TRUNC);
}

static int reply(Line *line, int status, const char *headers, const char *body, long length) {
    char text[2048];
    if (delay_ms) usleep(delay_ms * 1000);
    int size = snprintf(text, sizeof text, "HTTP/1.1 %d Said\r\n%sContent-Length: %ld\r\n\r\n%s",
                        status, headers, length, body);
    if (line->tls) return SSL_write(line->tls, text, size) == size;
    return send(line->fd, text, size, MSG_NOSIGNAL) == size;
}

static Object *slot_of(const char *path, size_t length) {
    unsigned long key = 14695981039346656037UL;
    for (size_t i = 0; i < length; i++) key = (key ^ (unsigned char)path[i]) * 1099511628211UL;
    key |= 1;
    unsigned long at = key % SLOTS;
    while (objects[at].key && objects[at].key != key) at = (at + 1) % SLOTS;
    objects[at].key = objects[at].key ? objects[at].key : key;
    return &objects[at];
}

static void keep(const char *path, size_t length, long size) {
    pthread_mutex_lock(&lock);
    slot_of(path, length)->size = size + 1; /* 0 is none */
    object_count++;
    pthread_mutex_unlock(&lock);
}

static void grow(const char *path, size_t length, long size) {
    pthread_mutex_lock(&lock);
    slot_of(path, length)->size += size;
    pthread_mutex_unlock(&lock);
}

static int answer(Line *line, const char *method, char *target, long size) {
    static const char ok[] = "ETag: \"0123456789abcdef-1\"\r\n";
    char body[1024], headers[512];
    char *query = strchr(target, '?');
    size_t path = query ? (size_t)(query - target) : strlen(target);
    int is_multipart = query && (strstr(query, "uploads") || strstr(query, "uploadId="));

    if (!strcmp(method, "PUT")) {
        if (is_multipart) grow(target, path, size);
        else keep(target, path, size);
        return reply(line, 200, ok, "", 0);
    }
    if (!strcmp(method, "HEAD")) {
        pthread_mutex_lock(&lock);
        long kept = slot_of(target, path)->size;
        pthread_mutex_unlock(&lock);
        if (!kept) return reply(line, 404, "", "", 0);
        snprintf(headers, sizeof headers, "%sLast-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n", ok);
        return reply(line, 200, headers, "", kept - 1);
    }
    int length;
    if (!strcmp(method, "POST") && query && !strstr(query, "uploadId=")) {
        keep(target, path, 0); /* its parts make it grow */
        length = snprintf(body, sizeof body, "<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>k</Key>"
                          "<UploadId>u%ld</UploadId></InitiateMultipartUploadResult>",
                          __atomic_add_fetch(&upload_count, 1, __ATOMIC_RELAXED));
    } else if (!strcmp(method, "POST")) {
        length = snprintf(body, sizeof body, "<CompleteMultipartUploadResult><Bucket>b</Bucket><Key>k</Key>"
                          "<ETag>&quot;0123456789abcdef-1&quot;</ETag></CompleteMultipartUploadResult>");
    } else if (!strcmp(method, "GET")) {
        length = snprintf(body, sizeof body, "<ListBucketResult><Name>b</Name><KeyCount>0</KeyCount>"
                          "<IsTruncated>false</IsTruncated></ListBucketResult>");
    } else {
        return reply(line, 204, "", "", 0);
    }
    return reply(line, 200, "Content-Type: application/xml\r\n", body, length);
}

static const char *header(const char *head, const char *name) {
    const char *found = strcasestr(head, name);
    return found ? found + strlen(name) : NULL;
}

/* Reads a body of this length of which some may lie behind the head already; 0 when the line broke. */
static int take(Line *line, long size) {
    long there = size < (long)line->held ? size : (long)line->held;
    memmove(line->head, line->head + there, line->held - there);
    line->held -= there;
    for (long left = size - there; left > 0;) {
        ssize_t got = discard(line, left);
        if (got <= 0) return 0;
        left -= got;
    }
    return 1;
}

/* Reads up to a line's end behind the head, for the sizes of chunks. */
static int take_line(Line *line, char *into, size_t room) {
    for (;;) {
        char *end = memchr(line->head, '\n', line->held);
        if (end) {
            size_t length = end - line->head + 1;
            snprintf(into, room, "%.*s", (int)(length < room ? length : room - 1), line->head);
            return take(line, length);
        }
        ssize_t got = receive(line, line->head + line->held, HEAD_MAX - line->held);
        if (got <= 0) return 0;
        line->held += got;
    }
}

static long take_chunks(Line *line) {
    char text[256];
    long total = 0, size;
    do {
        if (!take_line(line, text, sizeof text)) return -1;
        size = strtol(text, NULL, 16);
        total += size;
        if (size && (!take(line, size) || !take_line(line, text, sizeof text))) return -1;
    } while (size);
    do { /* trailers */
        if (!take_line(line, text, sizeof text)) return -1;
    } while (text[0] != '\r' && text[0] != '\n');
    return total;
}

static int serve_one(Line *line) {
    char method[16], target[4096], *end;
    line->head[line->held] = 0;
    while (!(end = strstr(line->head, "\r\n\r\n"))) {
        if (line->held == HEAD_MAX) return 0;
        ssize_t got = receive(line, line->head + line->held, HEAD_MAX - line->held);
        if (got <= 0) return 0;
        line->held += got;
        line->head[line->held] = 0;
    }
    end[2] = 0;
    if (sscanf(line->head, "%15s %4095s", method, target) != 2) return 0;
    const char *length = header(line->head, "\r\ncontent-length:");
    const char *decoded = header(line->head, "\r\nx-amz-decoded-content-length:");
    const char *coding = header(line->head, "\r\ntransfer-encoding:");
    long size = length ? atol(length) : 0, real = decoded ? atol(decoded) : size;
    int is_chunked = coding && strcasestr(coding, "chunked");
    int is_waiting = header(line->head, "\r\nexpect:") != NULL;
    size_t used = end + 4 - line->head;
    memmove(line->head, line->head + used, line->held - used);
    line->held -= used;
    line->head[line->held] = 0;
    if (is_waiting && !line->held) {
        static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
        if (line->tls ? SSL_write(line->tls, go_on, sizeof go_on - 1) <= 0
                      : send(line->fd, go_on, sizeof go_on - 1, MSG_NOSIGNAL) < 0) return 0;
    }
    if (is_chunked ? take_chunks(line) < 0 : !take(line, size)) return 0;
    if (!strcmp(method, "PUT")) __atomic_add_fetch(&byte_count, real, __ATOMIC_RELAXED);
    return answer(line, method, target, real);
}

static void *tell_stats(void *unused) {
    for (;;) {
        char request[4096], text[256], body[128];
        int fd = accept(stats_listener, NULL, NULL);
        if (fd < 0 || recv(fd, request, sizeof request, 0) <= 0) return unused;
        pthread_mutex_lock(&lock);
        int length = snprintf(body, sizeof body, "{\"objects\": %ld, \"bytes\": %ld}", object_count, byte_count);
        memset(objects, 0, sizeof objects);
        object_count = byte_count = 0;
        pthread_mutex_unlock(&lock);
        length = snprintf(text, sizeof text, "HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n%s", length, body);
        if (send(fd, text, length, MSG_NOSIGNAL) != length) return unused;
        close(fd);
    }
}

static int listening(const char *port) {
    int on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    here.sin_port = htons(atoi(port));
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (void *)&here, sizeof here) || listen(fd, 1024)) exit(1);
    return fd;
}

static void *serve(void *given) {
    Line *line = given;
    int is_open = !line->tls || SSL_accept(line->tls) == 1;
    while (is_open) is_open = serve_one(line);
    if (line->tls) SSL_free(line->tls);
    close(line->fd);
    free(line);
    return NULL;
}

int main(int count, char **words) {
    int on = 1;
    pthread_t telling;
    if (count < 4) return 2;
    signal(SIGPIPE, SIG_IGN);
    int listener = listening(words[1]);
    stats_listener = listening(words[2]);
    delay_ms = atoi(words[3]);
    if (count > 5) {
        tls_context = SSL_CTX_new(TLS_server_method());
        if (SSL_CTX_use_certificate_file(tls_context, words[4], SSL_FILETYPE_PEM) != 1 ||
            SSL_CTX_use_PrivateKey_file(tls_context, words[5], SSL_FILETYPE_PEM) != 1) return 3;
    }
    if (pthread_create(&telling, NULL, tell_stats, NULL)) return 4;
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        pthread_t thread;
        if (fd < 0) continue;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        Line *line = calloc(1, sizeof *line);
        line->fd = fd;
        if (tls_context) {
            line->tls = SSL_new(tls_context);
            SSL_set_fd(line->tls, fd);
        }
        if (pthread_create(&thread, NULL, serve, line)) {
            close(fd);
            free(line);
        } else {
            pthread_detach(thread);
        }
    }
}
