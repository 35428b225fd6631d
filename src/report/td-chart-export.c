/* td-chart-export.c: a chart as a file.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-chart-export.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WIDTH 800
#define HEIGHT 450
#define PNG_SCALE 2
#define POINTS_PER_PIXEL 0.75

/* --- Files -------------------------------------------------------------------------------- */

typedef struct
{
  int fd;
  int number; /* errno of the first failure */
} Sink;

static cairo_status_t
write_piece (void *closure, const unsigned char *data, unsigned int length)
{
  Sink *sink = closure;

  while (length > 0 && sink->number == 0)
    {
      ssize_t n = write (sink->fd, data, length);
      if (n < 0 && errno != EINTR)
        sink->number = errno;
      else if (n > 0)
        {
          data += n;
          length -= (unsigned int) n;
        }
    }
  return sink->number == 0 ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

TdStoreStatus
td_chart_write_file (const char *path, const char *name, TdChartProduce produce, const void *what,
                     TdStoreError *error)
{
  /* A link stays one. */
  char *real = realpath (path, NULL);
  g_autofree char *to = g_strdup (real ? real : path);
  g_autofree char *folder = g_path_get_dirname (to);
  g_autofree char *temporary = g_build_filename (folder, ".teardrop-XXXXXX", NULL);
  Sink sink = { .fd = -1 };

  free (real);
  if (error)
    *error = (TdStoreError){ .status = TD_STORE_OK };
  /* rename() would say so only after all the work. */
  if (g_file_test (to, G_FILE_TEST_IS_DIR))
    return td_store_write_error (name, EISDIR, error);
  sink.fd = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, 0666);
  if (sink.fd < 0)
    return td_store_write_error (name, errno, error);

  cairo_status_t drawn = produce (what, write_piece, &sink);
  if (drawn != CAIRO_STATUS_SUCCESS && sink.number == 0)
    sink.number = drawn == CAIRO_STATUS_NO_MEMORY ? ENOMEM : EIO;
  if (sink.number == 0 && fsync (sink.fd) != 0)
    sink.number = errno;
  if (close (sink.fd) != 0 && sink.number == 0)
    sink.number = errno;
  if (sink.number == 0 && g_rename (temporary, to) != 0)
    sink.number = errno;
  if (sink.number == 0)
    return TD_STORE_OK;
  g_unlink (temporary);
  return td_store_write_error (name, sink.number, error);
}

/* --- Formats ------------------------------------------------------------------------------ */

TdChartFormat
td_chart_format_of (const char *path)
{
  static const char *const ends[] = { ".png", ".svg", ".pdf" };
  size_t length = strlen (path);

  for (int f = 0; f < TD_CHART_UNKNOWN_FORMAT; f++)
    if (length > 4 && g_ascii_strcasecmp (path + length - 4, ends[f]) == 0)
      return (TdChartFormat) f;
  return TD_CHART_UNKNOWN_FORMAT;
}

static void
draw (const TdChartDrawing *drawing, cairo_surface_t *surface, double scale)
{
  TdChartStyle style = td_chart_style_light ();
  cairo_t *cr = cairo_create (surface);

  style.font_px = 14;
  cairo_scale (cr, scale, scale);
  drawing->draw (drawing->what, &style, cr, WIDTH, HEIGHT);
  cairo_destroy (cr);
}

/* A surface that writes by itself says only at its end whether it could. */
static cairo_status_t
finish (cairo_surface_t *surface)
{
  cairo_surface_finish (surface);
  cairo_status_t status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  return status;
}

static cairo_status_t
produce_png (const void *drawing, cairo_write_func_t write, void *closure)
{
  cairo_surface_t *surface
      = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH * PNG_SCALE, HEIGHT * PNG_SCALE);

  draw (drawing, surface, PNG_SCALE);
  cairo_status_t status = cairo_surface_write_to_png_stream (surface, write, closure);
  cairo_surface_destroy (surface);
  return status;
}

static cairo_status_t
produce_svg (const void *drawing, cairo_write_func_t write, void *closure)
{
  cairo_surface_t *surface = cairo_svg_surface_create_for_stream (write, closure, WIDTH, HEIGHT);

  cairo_svg_surface_set_document_unit (surface, CAIRO_SVG_UNIT_PX);
  draw (drawing, surface, 1);
  return finish (surface);
}

static cairo_status_t
produce_pdf (const void *what, cairo_write_func_t write, void *closure)
{
  const TdChartDrawing *drawing = what;
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (
      write, closure, WIDTH * POINTS_PER_PIXEL, HEIGHT * POINTS_PER_PIXEL);

  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, drawing->title);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_SUBJECT, drawing->description);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "Teardrop " TD_VERSION);
  draw (drawing, surface, POINTS_PER_PIXEL);
  return finish (surface);
}

TdStoreStatus
td_chart_save_drawing (const TdChartDrawing *drawing, const char *path, TdStoreError *error)
{
  static const TdChartProduce produce[] = { produce_png, produce_svg, produce_pdf };
  TdChartFormat format = td_chart_format_of (path);

  if (format == TD_CHART_UNKNOWN_FORMAT)
    {
      if (error)
        *error
            = (TdStoreError){ TD_STORE_FAILED, "The file's name must end in .png, .svg or .pdf." };
      return TD_STORE_FAILED;
    }
  return td_chart_write_file (path, "The chart", produce[format], drawing, error);
}

/* --- Charts ------------------------------------------------------------------------------- */

typedef struct
{
  const TdChart *chart;
  TdChartPart part;
} Shown;

static void
draw_shown (const void *what, const TdChartStyle *style, cairo_t *cr, double width, double height)
{
  const Shown *shown = what;

  td_chart_draw (shown->chart, style, &shown->part, cr, width, height);
}

cairo_surface_t *
td_chart_picture (const TdChart *chart, const TdChartPart *part)
{
  cairo_surface_t *surface
      = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH * PNG_SCALE, HEIGHT * PNG_SCALE);
  Shown shown = { chart, *part };

  draw (&(TdChartDrawing){ .draw = draw_shown, .what = &shown }, surface, PNG_SCALE);
  return surface;
}

TdStoreStatus
td_chart_save (const TdChart *chart, const char *path, TdStoreError *error)
{
  Shown shown = { chart, td_chart_part_all (chart) };

  return td_chart_save_drawing (
      &(TdChartDrawing){ draw_shown, &shown, chart->title, chart->description }, path, error);
}
