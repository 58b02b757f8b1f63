/** WCAG 2.2, "relative luminance" and "contrast ratio". */
export function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(hex: string): number {
  const long = /^#(\w)(\w)(\w)$/.test(hex) ? hex.replace(/\w/g, '$&$&') : hex;
  const channels = /^#(\w\w)(\w\w)(\w\w)$/.exec(long)?.slice(1);
  if (!channels) throw new Error(`not a plain colour: ${hex}`);
  const [red = 0, green = 0, blue = 0] = channels
    .map((channel) => Number.parseInt(channel, 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
