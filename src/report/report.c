#include "report/report.h"

void report_free(struct report *report)
{
    if (report)
        report->ops->free(report);
}
