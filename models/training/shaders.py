"""The OpenGL programs: people, things and the background, lit by spherical harmonics and one light with shadows.

A picture's fourth channel tells what the labels need: over 0.5 the person and how far it is, under 0.5 what stands in
front of it and how far, 0 what can be ignored.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""

_LIGHT = """
uniform vec3 sh[9]; uniform vec3 keyDir, keyCol, fillDir, fillCol; uniform float amb; uniform mat4 SVP;
vec3 around(vec3 n) {
  return max(sh[0] * .282095 + sh[1] * (.488603 * n.y) + sh[2] * (.488603 * n.z) + sh[3] * (.488603 * n.x)
             + sh[4] * (1.092548 * n.x * n.y) + sh[5] * (1.092548 * n.y * n.z) + sh[6] * (.315392 * (3. * n.z * n.z - 1.))
             + sh[7] * (1.092548 * n.x * n.z) + sh[8] * (.546274 * (n.x * n.x - n.y * n.y)), vec3(.02));
}
vec3 ambient(vec3 n) { return around(n) * amb + fillCol * max(dot(n, fillDir) * .7 + .3, 0.); }
"""

_TONE = """
uniform float exposure, gamma; uniform vec3 balance;
vec3 tone(vec3 c) {
  c *= exposure * balance;
  c = c * (1. + c / 9.) / (1. + c) * 1.25;
  return pow(clamp(c, 0., 1.), vec3(gamma));
}
"""

_FLOOR = """
uniform sampler2DShadow smap; uniform vec4 feet[6];
float shadow(vec3 P, float bias) {
  vec4 q = SVP * vec4(P, 1.);
  vec3 c = q.xyz / q.w * .5 + .5;
  if (any(lessThan(c, vec3(0.))) || any(greaterThan(c, vec3(1.)))) return 1.;
  c.z -= bias;
  return (texture(smap, c + vec3(-.0016, -.0006, 0)) + texture(smap, c + vec3(.0016, .0004, 0))
          + texture(smap, c + vec3(0, .0014, 0))) * .3333;
}
/* Feet darken the floor they stand on: four points of the person's, two of somebody else's. */
float contact(vec3 P) {
  float a = 1.;
  for (int i = 0; i < 4; i++) { vec3 d = P - feet[i].xyz; a *= 1. - .5 * exp(-dot(d, d) / (2. * .055 * .055)); }
  vec3 d = P - (feet[0].xyz + feet[1].xyz) * .5;
  a *= 1. - feet[0].w * exp(-dot(d.xz, d.xz) / (2. * .32 * .32));
  for (int i = 4; i < 6; i++) { vec3 e = P - feet[i].xyz; a *= 1. - feet[i].w * exp(-dot(e, e) / (2. * .14 * .14)); }
  return a;
}
"""

PERSON_VERTEX = """#version 330
in vec3 in_pos; in vec3 in_nor; in float in_fold; in vec2 in_uv; in vec3 in_rest;
uniform mat4 VP; uniform vec3 eye; uniform vec2 coding; uniform float spec, d0;
out vec4 lightAndKey; out vec3 inShadowMap, rest, gloss; out vec2 uv; out float code, fold;
""" + _LIGHT + """
void main() {
  vec3 n = normalize(in_nor), V = normalize(eye - in_pos);
  uv = in_uv; rest = in_rest; fold = in_fold;
  gl_Position = VP * vec4(in_pos, 1.);
  float key = dot(n, keyDir), shine = 0.; vec3 rim = vec3(0.);
  if (spec > 0.) {
    shine = spec * pow(max(dot(n, normalize(keyDir + V)), 0.), 24.);
    rim = spec * .5 * pow(1. - max(dot(n, V), 0.), 4.) * around(reflect(-V, n)) * amb;
  }
  lightAndKey = vec4(ambient(n), max(key, 0.));
  gloss = vec3(shine, rim.g, 0.);
  vec4 q = SVP * vec4(in_pos, 1.);
  inShadowMap = q.xyz * .5 + .5;
  inShadowMap.z -= .004 + .006 * (1. - max(key, 0.));
  // Who it is, and how far: at edges the mask of a person, and with it the exposure, depends on both.
  code = coding.x + coding.y * clamp((length(eye - in_pos) - d0 + 1.5) / 3., .02, 1.);
}"""

_PERSON_FRAGMENT = """#version 330
in vec4 lightAndKey; in vec3 inShadowMap, rest, gloss; in vec2 uv; in float code, fold; out vec4 o;
uniform sampler2DArray tbody, ttile; uniform sampler2DShadow smap; uniform vec3 keyCol, c1, c2;
uniform float layer, cut, hue, scale, split, wrinkle, tile, wrinkleLayer, foldLayer;
""" + _TONE + """
vec3 lit(vec3 a) {
  float key = gl_FrontFacing ? lightAndKey.w : 0.;
  vec3 L = gl_FrontFacing ? lightAndKey.rgb : lightAndKey.rgb * .55;
  if (key <= 0.) return a * L + gloss.y;
  float s = (texture(smap, inShadowMap + vec3(-.0009, .0006, 0)) + texture(smap, inShadowMap + vec3(.0009, -.0006, 0))) * .5;
  return a * (L + keyCol * key * s) + keyCol * (s * gloss.x) + gloss.y;
}
"""

TEXTURED = _PERSON_FRAGMENT + """
void main() {
  vec4 t = texture(tbody, vec3(uv, layer));
  if (t.a < cut) discard;
  vec3 a = t.rgb * t.rgb;
  if (hue > 0.) a = mix(a, vec3(dot(a, vec3(.33))) * c2 * 1.5, .75);
  o = vec4(tone(lit(a * c1)), code);
}"""

_PATTERN = {
    "plain": "",
    "stripe_h": "a = fract(r.y * scale) < split ? c1 : c2;",
    "stripe_v": "a = fract((r.x + r.z * .5) * scale) < split ? c1 : c2;",
    "side": "a = abs(fract(uv.x * 2.) - .5) < .06 ? c2 : c1;",
    "blocks": "a = (r.y + .25 * r.x * (split - .5)) > (split * .7 - .2) ? c1 : c2;",
    "noise": "a = mix(c1, c2, smoothstep(.4, .6, texture(ttile, vec3(r.xy * scale * .08 + r.z * .3, wrinkleLayer)).r));",
    "logo": "vec2 q = (r.xy - vec2(0., .38 + .12 * split)) / vec2(.05 + .12 * split, .03 + .1 * (1. - split));"
            "if (r.z > 0. && max(abs(q.x), abs(q.y)) < 1.) a = texture(ttile, vec3(q * .5, tile)).r > .45 ? c2 : c1;",
    "tex": "vec3 t = texture(ttile, vec3(vec2(r.x + r.z, r.y) * scale * .12, tile)).rgb; a = t * t;",
}


def cloth(pattern: str) -> str:
    return _PERSON_FRAGMENT + """
void main() {
  vec3 r = rest, a = c1;
  """ + _PATTERN[pattern] + """
  vec2 at = vec2((r.x + r.z * .8) * 1.5 + r.y * .5, r.y * 2.6 - r.x * .4);
  vec2 w = texture(ttile, vec3(at, foldLayer)).rg;
  vec3 c = lit(a * (1. + wrinkle * (w.r - .5) * 1.6)) * (1. + clamp((w.g - .5) * fold * 3.4, -.36, .34));
  o = vec4(tone(c), code);
}"""


THING_VERTEX = """#version 330
in vec3 in_pos; in vec3 in_nor; in vec2 in_uv; in vec4 in_mat; in vec2 in_cls; uniform mat4 VP; uniform vec3 eye;
out vec3 P; out vec4 lightAndKey; out vec2 uv; out float up; flat out vec4 mat; flat out vec2 cls;
""" + _LIGHT + """
void main() {
  P = in_pos; uv = in_uv; mat = in_mat; cls = in_cls;
  vec3 n = normalize(in_nor);
  up = n.y;
  gl_Position = VP * vec4(P, 1.);
  if (dot(n, eye - P) < 0.) n = -n;
  lightAndKey = vec4(ambient(n), max(dot(n, keyDir), 0.));
}"""

THING_FRAGMENT = """#version 330
in vec3 P; in vec4 lightAndKey; in vec2 uv; in float up; flat in vec4 mat; flat in vec2 cls; out vec4 o;
uniform sampler2DArray ttile; uniform vec3 eye; uniform float d0;
""" + _LIGHT + _TONE + _FLOOR + """
void main() {
  vec3 t = mat.w < 0. ? vec3(1.) : texture(ttile, vec3(uv, mat.w)).rgb;
  float s = lightAndKey.w > 0. ? shadow(P, .004) : 0.;
  vec3 L = lightAndKey.rgb + keyCol * lightAndKey.w * s;
  if (P.y < .02 && up > .9) L *= contact(P);
  if (cls.y > 0.) L = vec3(cls.y);
  float far = clamp((length(eye - P) - d0 + 1.5) / 3., .02, 1.);
  o = vec4(tone(t * t * mat.rgb * L), cls.x > .5 ? .49 * far : 0.);
}"""

BACKGROUND_VERTEX = """#version 330
out vec2 q;
void main() {
  q = vec2(gl_VertexID == 1 ? 3. : -1., gl_VertexID == 2 ? 3. : -1.);
  gl_Position = vec4(q, .99999, 1.);
}"""

# A panorama is laid on the floor near the person, so that it stands on it; a photograph is only behind.
BACKGROUND_FRAGMENT = """#version 330
in vec2 q; out vec4 o; uniform mat4 IVP; uniform vec3 eye; uniform int photo; uniform float elayer, turned, height;
uniform vec2 centre; uniform sampler2DArray tenv; uniform sampler2D tphoto;
""" + _LIGHT + _TONE + _FLOOR + """
vec3 panorama(vec3 d) {
  float c = cos(turned), s = sin(turned);
  d = vec3(c * d.x - s * d.z, d.y, s * d.x + c * d.z);
  vec2 at = vec2(atan(d.x, -d.z) / 6.2831853 + .5, acos(clamp(d.y, -1., 1.)) / 3.14159265);
  return textureLod(tenv, vec3(at, elayer), 0.).rgb;
}
void main() {
  vec4 f = IVP * vec4(q, 1., 1.);
  vec3 d = normalize(f.xyz / f.w - eye), c;
  float t = d.y < -.02 ? -eye.y / d.y : 1e9, dim = 1.;
  vec3 P = eye + d * t;
  float r = length(P.xz);
  if (photo == 0) {
    vec3 dd = d;
    if (t < 20.) dd = normalize(mix(normalize(P - vec3(centre.x, height, centre.y)), d, smoothstep(4., 9., r)));
    c = panorama(dd);
  } else c = texture(tphoto, q * .5 + .5).rgb;
  if (t < 20. && r < 3.) {
    float key = dot(keyCol, vec3(.33)) * max(keyDir.y, 0.), a = dot(around(vec3(0, 1, 0)), vec3(.33)) * amb;
    dim = (a * contact(P) + key * shadow(P, .003)) / (a + key);
  }
  c = pow(c, vec3(2.2)) * dim * balance * mix(1., exposure, .6);
  o = vec4(pow(clamp(c, 0., 1.), vec3(gamma)), 0.);
}"""

SHADOW_VERTEX = "#version 330\nin vec3 in_pos; uniform mat4 SVP; void main() { gl_Position = SVP * vec4(in_pos, 1.); }"
SHADOW_FRAGMENT = "#version 330\nvoid main() {}"
