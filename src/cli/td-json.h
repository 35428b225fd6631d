/* td-json.h: JSON (RFC 8259) to a stream, with the numbers rounded as the caller says.
 *
 * The usual libraries print doubles with 17 digits; an angle of 107.2° should read 107.2.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum
{
  TD_JSON_MAX_DEPTH = 8
};

typedef struct
{
  FILE *to;
  int depth;
  bool started[TD_JSON_MAX_DEPTH]; /* has a member already, so that a comma comes first */
} TdJson;

void td_json_init (TdJson *json, FILE *to);

/* KEY: NULL inside an array and at the top. */
void td_json_open_object (TdJson *json, const char *key);
void td_json_close_object (TdJson *json);
void td_json_open_array (TdJson *json, const char *key);
void td_json_close_array (TdJson *json);

/* TEXT: UTF-8; what is not is replaced. NULL writes null. */
void td_json_string (TdJson *json, const char *key, const char *text);
void td_json_int (TdJson *json, const char *key, int64_t value);
/* At most DECIMALS decimals, a point in every locale. What is not finite writes null. */
void td_json_number (TdJson *json, const char *key, double value, int decimals);
void td_json_bool (TdJson *json, const char *key, bool value);
void td_json_null (TdJson *json, const char *key);
