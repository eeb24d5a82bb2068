#define _GNU_SOURCE /* initgroups */

#include "service/rights.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

void rights_harden(void)
{
    const struct rlimit none = {0, 0};
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    (void)setrlimit(RLIMIT_CORE, &none);
}

/* NULL with the problem: there is none. */
static const struct passwd *find_user(const char *name, struct config_problem *problem)
{
    const struct passwd *user = getpwnam(name); // NOLINT(concurrency-mt-unsafe)
    if (!user)
        config_blame(problem, CONFIG_NO_PLACE, "user", "there is no such user", 0);
    return user;
}

int rights_check(const struct settings *settings, struct config_problem *problem)
{
    return settings->user[0] == '\0' || find_user(settings->user, problem) ? 0 : -1;
}

static int become(const char *name, struct config_problem *problem)
{
    if (name[0] == '\0' || geteuid() != 0)
        return 0;
    const struct passwd *user = find_user(name, problem);
    if (!user)
        return -1;
    if (initgroups(name, user->pw_gid) == 0 && setgid(user->pw_gid) == 0 &&
        setuid(user->pw_uid) == 0)
        return 0;
    config_blame(problem, CONFIG_NO_PLACE, "user", "it cannot become that user", errno);
    return -1;
}

int rights_change(const struct settings *settings, struct config_problem *problem)
{
    if (become(settings->user, problem) < 0)
        return -1;
    const char *reason = config_spool_reason(settings);
    if (reason)
        config_blame(problem, CONFIG_NO_PLACE, "spool_directory", reason, 0);
    return reason ? -1 : 0;
}

int rights_are_roots(const struct settings *settings, struct config_problem *problem)
{
    if (settings->user[0] != '\0' || geteuid() != 0)
        return 0;
    config_blame(problem, CONFIG_NO_PLACE, "user",
                 "warning: this runs as root; name another user to change to", 0);
    return 1;
}
