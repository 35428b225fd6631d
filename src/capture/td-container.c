/* td-container.c: what has to be known of a video file beyond what the demuxer says.
 *
 * Whether it was cut off: demuxers take the end of a cut file for the end of the video and say nothing, so the outermost
 * structure is read here: a box, segment, chunk, page or packet that reaches beyond the file's end.
 * A file that was cut exactly between two of them cannot be told from a whole one.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-capture-private.h"

#include <stdio.h>
#include <string.h>

typedef struct
{
  FILE *file;
  uint64_t size;
} Reader;

static bool
read_at (const Reader *reader, uint64_t offset, void *bytes, size_t count)
{
  return offset + count <= reader->size && fseeko (reader->file, (off_t) offset, SEEK_SET) == 0
         && fread (bytes, 1, count, reader->file) == count;
}

/* ISO base media (mp4, mov, 3gp): boxes of a 4-byte size and type, one after the other. */
static bool
iso_is_cut (const Reader *reader)
{
  uint64_t offset = 0;
  bool index = false;
  while (offset < reader->size)
    {
      uint8_t head[16];
      if (!read_at (reader, offset, head, 8))
        return true;
      uint64_t size = GST_READ_UINT32_BE (head);
      index |= memcmp (head + 4, "moov", 4) == 0;
      if (size == 0) /* up to the end of the file */
        break;
      if (size == 1)
        {
          if (!read_at (reader, offset, head, 16))
            return true;
          size = GST_READ_UINT64_BE (head + 8);
        }
      /* Bytes behind the last box that are none: not cut. */
      if (size < 8)
        break;
      if (size > reader->size - offset)
        return true;
      offset += size;
    }
  return !index;
}

/* EBML (Matroska, WebM): LENGTH bytes at OFFSET, marked by the leading zero bits of the first. */
static bool
ebml_number (const Reader *reader, uint64_t offset, bool keep_mark, uint64_t *value, int *length)
{
  uint8_t bytes[8];
  if (!read_at (reader, offset, bytes, 1) || bytes[0] == 0)
    return false;
  *length = __builtin_clz ((unsigned) bytes[0]) - 23;
  if (!read_at (reader, offset, bytes, (size_t) *length))
    return false;
  *value = keep_mark ? bytes[0] : bytes[0] & (0xffu >> *length);
  bool unknown = (bytes[0] | (0xff00 >> *length & 0xff)) == 0xff;
  for (int i = 1; i < *length; i++)
    {
      *value = *value << 8 | bytes[i];
      unknown &= bytes[i] == 0xff;
    }
  if (!keep_mark && unknown)
    *value = UINT64_MAX;
  return true;
}

static bool
matroska_is_cut (const Reader *reader)
{
  uint64_t offset = 0;
  while (offset < reader->size)
    {
      uint64_t id, size;
      int id_length, size_length;
      if (!ebml_number (reader, offset, true, &id, &id_length)
          || !ebml_number (reader, offset + (uint64_t) id_length, false, &size, &size_length))
        return true;
      if (size == UINT64_MAX) /* as a live recording is written: no size is promised */
        return false;
      offset += (uint64_t) (id_length + size_length);
      if (size > reader->size - MIN (offset, reader->size))
        return true;
      offset += size;
      if (id == 0x18538067) /* the segment holds all the pictures */
        return false;
    }
  return true;
}

static bool
riff_is_cut (const Reader *reader)
{
  uint8_t head[8];
  return !read_at (reader, 0, head, 8) || GST_READ_UINT32_LE (head + 4) > reader->size - 8;
}

static bool
ogg_is_cut (const Reader *reader)
{
  uint64_t offset = 0;
  while (offset < reader->size)
    {
      uint8_t head[27 + 255];
      if (!read_at (reader, offset, head, 27))
        return true;
      if (memcmp (head, "OggS", 4) != 0)
        return false;
      const uint8_t segments = head[26];
      if (!read_at (reader, offset + 27, head + 27, segments))
        return true;
      uint64_t size = 27u + segments;
      for (int i = 0; i < segments; i++)
        size += head[27 + i];
      if (size > reader->size - offset)
        return true;
      offset += size;
    }
  return false;
}

/* --- Edit lists --------------------------------------------------------------------------- */

/* What the boxes of a movie say, as far as edit lists go. */
typedef struct
{
  uint64_t scale, duration; /* of the movie: units a second, length */
  uint64_t duration_offset;
  int duration_length;
  uint64_t media_scale; /* of the track being read */
  int64_t edit_start;   /* where its last edit begins in its media, in media_scale */
  double edits_start_s; /* the same of all tracks, in seconds */
} Movie;

static uint64_t
big_endian (const uint8_t *bytes, int length)
{
  return length == 8 ? GST_READ_UINT64_BE (bytes) : GST_READ_UINT32_BE (bytes);
}

/* A box that begins with a version and two times: mvhd, mdhd. */
static bool
read_header (const Reader *reader, uint64_t offset, uint64_t *scale, uint64_t *duration,
             uint64_t *duration_offset, int *duration_length)
{
  uint8_t bytes[32];
  if (!read_at (reader, offset, bytes, 1))
    return false;
  const int length = bytes[0] == 1 ? 8 : 4;
  const size_t at = 4 + 2 * (size_t) length;
  if (!read_at (reader, offset, bytes, at + 4 + (size_t) length))
    return false;
  *scale = GST_READ_UINT32_BE (bytes + at);
  *duration = big_endian (bytes + at + 4, length);
  *duration_offset = offset + at + 4;
  *duration_length = length;
  return true;
}

static void
read_edits (const Reader *reader, uint64_t offset, uint64_t end, Movie *movie)
{
  uint8_t bytes[20];
  if (!read_at (reader, offset, bytes, 8))
    return;
  const int length = bytes[0] == 1 ? 8 : 4;
  const uint64_t size = 2 * (uint64_t) length + 4;
  uint32_t count = GST_READ_UINT32_BE (bytes + 4);
  for (offset += 8; count > 0 && offset + size <= end; offset += size, count--)
    {
      if (!read_at (reader, offset, bytes, size))
        return;
      const int64_t time = length == 8 ? (int64_t) GST_READ_UINT64_BE (bytes + 8)
                                       : (int32_t) GST_READ_UINT32_BE (bytes + 4);
      movie->edit_start = MAX (movie->edit_start, time);
    }
}

/* DEPTH: of the boxes around these; a damaged file may hold ever more of them in each other. */
static void
read_boxes (const Reader *reader, uint64_t offset, uint64_t end, int depth, Movie *movie)
{
  uint8_t head[8];
  if (depth > 8)
    return;
  while (offset + 8 <= end && read_at (reader, offset, head, 8))
    {
      uint64_t size = GST_READ_UINT32_BE (head), body = offset + 8;
      if (size == 1)
        {
          uint8_t large[8];
          if (!read_at (reader, body, large, 8))
            return;
          size = GST_READ_UINT64_BE (large);
          body += 8;
        }
      if (size < body - offset || size > end - offset)
        return;
      const uint64_t next = offset + size;
      uint64_t unused;
      int unused_length;
      if (memcmp (head + 4, "moov", 4) == 0 || memcmp (head + 4, "mdia", 4) == 0
          || memcmp (head + 4, "edts", 4) == 0)
        read_boxes (reader, body, next, depth + 1, movie);
      else if (memcmp (head + 4, "trak", 4) == 0)
        {
          movie->edit_start = 0;
          movie->media_scale = 0;
          read_boxes (reader, body, next, depth + 1, movie);
          if (movie->media_scale > 0)
            movie->edits_start_s = MAX (movie->edits_start_s,
                                        (double) movie->edit_start / (double) movie->media_scale);
        }
      else if (memcmp (head + 4, "mvhd", 4) == 0)
        read_header (reader, body, &movie->scale, &movie->duration, &movie->duration_offset,
                     &movie->duration_length);
      else if (memcmp (head + 4, "mdhd", 4) == 0)
        read_header (reader, body, &movie->media_scale, &unused, &unused, &unused_length);
      else if (memcmp (head + 4, "elst", 4) == 0)
        read_edits (reader, body, next, movie);
      offset = next;
    }
}

bool
td_file_needs_longer (const char *path, TdLonger *longer)
{
  FILE *file = fopen (path, "rbe");
  if (!file)
    return false;
  Movie movie = { 0 };
  if (fseeko (file, 0, SEEK_END) == 0)
    {
      const Reader reader = { .file = file, .size = (uint64_t) ftello (file) };
      read_boxes (&reader, 0, reader.size, 0, &movie);
    }
  fclose (file);
  if (movie.scale == 0 || movie.duration == 0 || movie.edits_start_s <= 0)
    return false;
  longer->true_s = (double) movie.duration / (double) movie.scale;
  const uint64_t value
      = movie.duration + (uint64_t) ((movie.edits_start_s + 1) * (double) movie.scale);
  longer->offset = movie.duration_offset;
  longer->length = movie.duration_length;
  if (longer->length == 8)
    memcpy (longer->bytes, &(uint64_t){ GUINT64_TO_BE (value) }, 8);
  else
    memcpy (longer->bytes, &(uint32_t){ GUINT32_TO_BE ((uint32_t) MIN (value, 0x7fffffff)) }, 4);
  return true;
}

/* --- Nested boxes ------------------------------------------------------------------------- */

enum
{
  /* A camera's file reaches nine: moov trak mdia minf stbl stsd mp4a wave esds. */
  MOST_NESTED = 24
};

/* Where the boxes inside of a box begin, from its own beginning; 0: it holds none. What is not known
 * is read as boxes as well: a box of another kind begins with something that is none. */
static uint64_t
inner_boxes (const uint8_t head[18])
{
  static const struct
  {
    const char *names;
    uint8_t offset;
  } kinds[] = {
    { "mdat free skip wide uuid data", 0 },
    { "meta", 12 },
    { "stsd mp4s", 16 },
    { "enca", 36 },
    { "in24", 52 },
    { "mp4v MP4V fmp4 FMP4 apcs apch apcn apco ap4h H264 avc1 avc3 H265 hvc1 hev1 mjp2 encv", 86 },
    { "XiTh", 98 },
  };
  static const uint8_t of_sound_version[] = { 36, 52, 72 };
  char name[5] = { 0 };
  memcpy (name, head + 4, 4);
  if (g_str_equal (name, "mp4a") || g_str_equal (name, "alac") || g_str_equal (name, "fLaC"))
    {
      const unsigned version = GST_READ_UINT16_BE (head + 16);
      return version < G_N_ELEMENTS (of_sound_version) ? of_sound_version[version] : 0;
    }
  for (size_t i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strlen (name) == 4 && strstr (kinds[i].names, name))
      return kinds[i].offset;
  return 8;
}

static const char *
refuse_boxes (const Reader *reader, uint64_t offset, uint64_t end, int depth)
{
  if (depth > MOST_NESTED)
    return "its parts are nested too deep";
  while (end - offset >= 8)
    {
      uint8_t head[18] = { 0 };
      if (!read_at (reader, offset, head, MIN (end - offset, sizeof head)))
        return NULL;
      uint64_t size = GST_READ_UINT32_BE (head), inner = inner_boxes (head);
      /* Only the outermost may be larger than 4 GiB, or go on to the file's end. */
      if (depth == 0 && size == 1)
        {
          size = GST_READ_UINT64_BE (head + 8);
          inner = inner > 0 ? inner + 8 : 0;
        }
      else if (depth == 0 && size == 0)
        size = end - offset;
      if (size < 8)
        return NULL;
      if (size > end - offset)
        {
          if (depth > 0)
            return NULL;
          size = end - offset;
        }
      if (memcmp (head + 4, "cmov", 4) == 0 && depth > 0)
        return "its index is compressed";
      if (inner > 0 && inner < size)
        {
          const char *why = refuse_boxes (reader, offset + inner, offset + size, depth + 1);
          if (why)
            return why;
        }
      offset += size;
    }
  return NULL;
}

const char *
td_file_refuse (const char *path)
{
  FILE *file = fopen (path, "rbe");
  if (!file)
    return NULL;
  const char *why = NULL;
  if (fseeko (file, 0, SEEK_END) == 0)
    {
      const Reader reader = { .file = file, .size = (uint64_t) ftello (file) };
      why = refuse_boxes (&reader, 0, reader.size, 0);
    }
  fclose (file);
  return why;
}

/* --- Cut files ---------------------------------------------------------------------------- */

typedef enum
{
  KIND_OTHER,
  KIND_ISO,
  KIND_MATROSKA,
  KIND_RIFF,
  KIND_OGG,
  KIND_TRANSPORT_STREAM
} Kind;

static Kind
read_kind (const Reader *reader)
{
  uint8_t head[189] = { 0 };
  read_at (reader, 0, head, MIN (reader->size, sizeof head));
  if (memcmp (head + 4, "ftyp", 4) == 0 || memcmp (head + 4, "moov", 4) == 0
      || memcmp (head + 4, "mdat", 4) == 0 || memcmp (head + 4, "wide", 4) == 0)
    return KIND_ISO;
  if (memcmp (head, "\x1a\x45\xdf\xa3", 4) == 0)
    return KIND_MATROSKA;
  if (memcmp (head, "RIFF", 4) == 0)
    return KIND_RIFF;
  if (memcmp (head, "OggS", 4) == 0)
    return KIND_OGG;
  if (head[0] == 0x47 && head[188] == 0x47)
    return KIND_TRANSPORT_STREAM;
  return KIND_OTHER;
}

bool
td_file_is_cut (const char *path, bool *states_length)
{
  *states_length = false;
  FILE *file = fopen (path, "rbe");
  if (!file)
    return false;
  bool cut = false;
  if (fseeko (file, 0, SEEK_END) == 0)
    {
      const Reader reader = { .file = file, .size = (uint64_t) ftello (file) };
      switch (read_kind (&reader))
        {
        case KIND_ISO:
          cut = iso_is_cut (&reader);
          *states_length = true;
          break;
        case KIND_MATROSKA:
          cut = matroska_is_cut (&reader);
          *states_length = true;
          break;
        case KIND_RIFF:
          cut = riff_is_cut (&reader);
          *states_length = true;
          break;
        case KIND_OGG:
          cut = ogg_is_cut (&reader);
          break;
        case KIND_TRANSPORT_STREAM:
          cut = reader.size % 188 != 0;
          break;
        case KIND_OTHER:
          break;
        }
    }
  fclose (file);
  return cut;
}
