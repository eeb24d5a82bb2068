/* starve.h - makes one allocation fail, the N-th, for tests that try every N.
 *
 * A plain test links `starve`: calls from our own objects pass here, and those of static
 * libraries; what the C library allocates for itself stays.  With `starve_all` those of
 * shared libraries fail too, except under a sanitizer, which has its own malloc. */
#ifndef TESTS_STARVE_H
#define TESTS_STARVE_H

/* The `call`-th allocation from now fails, 1 being the next.  Not with threads. */
void starve_begin(long call);

/* From now on none fails.  1 if one did since the beginning, 0 if there were too few. */
int starve_end(void);

#endif /* TESTS_STARVE_H */
