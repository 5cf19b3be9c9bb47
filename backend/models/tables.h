#ifndef VIVA_MODELS_TABLES_H
#define VIVA_MODELS_TABLES_H
/* Flags that the field tables of this folder share. */

#include "models/field.h"

#define OUT         (FIELD_REQUIRED | FIELD_OUT_ONLY)                  /* always there, never read */
#define OUT_NULL    (FIELD_REQUIRED | FIELD_OUT_ONLY | FIELD_NULLABLE) /* always there, perhaps null */
#define OUT_BESIDE  (OUT | FIELD_NO_COLUMN)                            /* shown with the row, not of its table */
#define STORED      (FIELD_HIDDEN | FIELD_OUT_ONLY)                    /* a column that is never shown */
#define STORED_NULL (STORED | FIELD_NULLABLE)

#endif
