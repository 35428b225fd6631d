/* td-ink.c: text and colour on cairo.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-ink.h"

#include <math.h>

PangoLayout *
td_ink_layout (const TdChartStyle *style)
{
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  PangoLayout *layout;
  PangoFontDescription *font = pango_font_description_from_string (style->font);
  PangoAttrList *tabular = pango_attr_list_new ();

  pango_font_description_set_absolute_size (font, style->font_px * PANGO_SCALE);
  /* The same sizes on the screen and in a file, whatever the scale. */
  pango_context_set_round_glyph_positions (context, FALSE);
  layout = pango_layout_new (context);
  g_object_unref (context);
  pango_layout_set_font_description (layout, font);
  pango_attr_list_insert (tabular, pango_attr_font_features_new ("tnum=1"));
  pango_layout_set_attributes (layout, tabular);
  pango_attr_list_unref (tabular);
  pango_font_description_free (font);
  return layout;
}

void
td_ink_font (PangoLayout *layout, const TdChartStyle *style, double size, gboolean bold)
{
  PangoFontDescription *font
      = pango_font_description_copy (pango_layout_get_font_description (layout));

  pango_font_description_set_absolute_size (font, style->font_px * size * PANGO_SCALE);
  pango_font_description_set_weight (font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
}

void
td_ink_text (PangoLayout *layout, const char *text, double width, int lines)
{
  pango_layout_set_width (layout, width > 0 ? (int) (width * PANGO_SCALE) : -1);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_height (layout, -lines);
  pango_layout_set_ellipsize (layout, width > 0 ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
  pango_layout_set_text (layout, text, -1);
}

void
td_ink_size (PangoLayout *layout, double *width, double *height)
{
  PangoRectangle box;

  pango_layout_get_extents (layout, NULL, &box);
  *width = (double) box.width / PANGO_SCALE;
  *height = (double) box.height / PANGO_SCALE;
}

double
td_ink_width (PangoLayout *layout, const char *text)
{
  double width, height;

  td_ink_text (layout, text, 0, 1);
  td_ink_size (layout, &width, &height);
  return width;
}

double
td_ink_line (const TdChartStyle *style)
{
  return ceil (style->font_px * 1.35);
}

void
td_ink_colour (cairo_t *cr, TdChartColour colour)
{
  cairo_set_source_rgba (cr, colour.red, colour.green, colour.blue, colour.alpha);
}

TdChartColour
td_ink_pale (TdChartColour colour, double alpha)
{
  colour.alpha *= alpha;
  return colour;
}
