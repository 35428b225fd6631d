/* td-chart-export.h: a chart as a file.
 *
 * Any thread. What is at the path already is replaced only by a whole new file.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-chart-draw.h"

#include <cairo.h>

typedef enum
{
  TD_CHART_PNG, /* 1600 x 900 pixels */
  TD_CHART_SVG,
  TD_CHART_PDF,
  TD_CHART_UNKNOWN_FORMAT
} TdChartFormat;

/* By the end of the name (".png", ".svg", ".pdf", in any case). */
TdChartFormat td_chart_format_of (const char *path);

/* What can be drawn on a surface of any size, and what a document says of it. */
typedef struct
{
  void (*draw) (const void *what, const TdChartStyle *style, cairo_t *cr, double width,
                double height);
  const void *what;
  const char *title, *description;
} TdChartDrawing;

/* DRAWING, dark on white, in the format that the name's end says. What is at PATH already is replaced only by a whole
 * new file. */
TdStoreStatus td_chart_save_drawing (const TdChartDrawing *drawing, const char *path,
                                     TdStoreError *error);

/* The whole chart with its title, likewise. */
TdStoreStatus td_chart_save (const TdChart *chart, const char *path, TdStoreError *error);

/* PART of the chart as it is in a PNG file, 32 bits a pixel; to be destroyed with cairo_surface_destroy(). */
cairo_surface_t *td_chart_picture (const TdChart *chart, const TdChartPart *part);

/* Writes WHAT in pieces: WRITE (CLOSURE, …) each. What WRITE returned, or another failure of cairo. */
typedef cairo_status_t (*TdChartProduce) (const void *what, cairo_write_func_t write,
                                          void *closure);
/* What PRODUCE writes as the file PATH. NAME: for messages ("The chart"). */
TdStoreStatus td_chart_write_file (const char *path, const char *name, TdChartProduce produce,
                                   const void *what, TdStoreError *error);
