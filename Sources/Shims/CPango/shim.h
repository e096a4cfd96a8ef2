#include <cairo.h>
#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <pango/pangocairo.h>

/* Casts that are macros in C. */
static inline void descent_unref(void *object) { g_object_unref(object); }
