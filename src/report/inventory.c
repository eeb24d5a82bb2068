#include "report/inventory.h"

void inventory_free(struct inventory *inventory)
{
    if (inventory)
        inventory->ops->free(inventory);
}
