// Made by tools/latchkey/make-look-alikes.ts from confusables.txt 17.0.0 (UTS #39), never by hand.
// Data © 1991-2025 Unicode, Inc., used under the Unicode License V3 (https://www.unicode.org/license.txt).

/** For each letter and digit of ASCII the folded characters that look like it, in either case, as code points. */
export const lookAlikes: Record<string, string> = {
  2: '1a8 3e9 14bf a645 a6ef a75b',
  3: '21d 25c 292 293 437 4e1 969 ae9 2c9d 2cc5 2ccd a76b 118ca 16f3b 1d206',
  4: 'ab9e 118cf',
  5: '118db',
  6: '431 1e9f 2cd3 2cdd abbe 118d5',
  7: '104fa 118c6 1d212',
  8: '223 9ea a6a b03 1031a 1e8cb',
  9: '9ed a67 b68 d6d 2ccb a76f 118cc 118d6',
  a: '251 3b1 430 15c5 1d00 237a a4ee ab7a 102a0 16f40',
  b: '185 299 3b2 432 44c 13fc 1472 15af 15f7 2c83 a4d0 a7b5 ab9f 10282 102a1 10301 16ed1',
  c: '441 1004 105a 1d04 2ca5 a4da abaf 102a2 10302 1043d 1051c 118e9 118f2 1f74c',
  d: '501 146f 15de 15ea 1d05 a4d2 a4d3 ab70 abb7',
  e: '3b5 435 4bd 1d07 212e 22ff 2d39 a4f0 a793 ab32 ab7c 10286 118ce',
  f: '192 3dd 584 15b4 1e9d a4dd a799 ab35 10287 102a5 10525 118c2 1d213',
  g: '18d 261 262 50d 581 13fb 1d83 a4d6 ab90',
  h: '29c 3b7 43d 4bb 570 157c 2c8f a4e7 ab8b ab92 102cf',
  i: '269 26a 3b9 456 582 2373 2c93 a647 ab75 118c3',
  j: '29d 3f3 458 148d 1d0a a4d9 ab7b',
  k: '138 3ba 43a 16d5 2c95 a4d7 abb6 10518',
  l: '1c0 29f 4cf 5c0 5d5 5df 627 661 6f1 7ca 14aa 16c1 2223 23fd 2502 2cd1 2d4f a4e1 a4f2 abae 1028a 10309 10320 10443' +
    ' 10526 118d2 11dda 11de1 16ec5 16f16 16f28 1d22a 1e8c7',
  m: '28d 3bc 3fb 43c 15f0 16d6 2c99 a4df ab87 102b0 10311 11700 118e3',
  n: '274 578 57c 2c9b a4e0 10513',
  o: '3bf 3c3 3ed 43e 585 5e1 647 665 6be 6c1 6d5 6f5 7c0 966 9e6 a66 ae6 b20 b66 be6 c02 c66 c82 ce6' +
    ' d02 d20 d66 d82 e50 ed0 101d 1040 10ff 12d0 17e0 1d0f 1d11 2c9f 2d54 3007 a4f3 ab3d 10292 102ab 1042c 104ea 10516 114d0' +
    ' 118c8 118d7 118e0 11de0',
  p: 'fe 1bf 3c1 3f8 440 146d 1d18 2374 2ca3 2ccf a4d1 abb2 10295',
  q: '51b 563 566 2d55',
  r: '280 433 1587 1d26 2c85 a4e3 ab47 ab48 ab71 ab81 aba2 104dc 16f35 1d216',
  s: '1bd 455 57f d1f a4e2 a731 aba5 abaa 10296 10448 118c1 16f3a',
  t: '3c4 442 1d1b 22a4 27d9 2ca7 a4d4 ab72 10297 102b1 10315 16f0a 1f768',
  u: '28b 3c5 57d 1200 144c 1d1c 222a 22c3 a4f4 a79f ab4e ab52 104f6 118d8 16f42',
  v: '3bd 475 5d8 667 6f7 142f 1d20 2228 22c1 2d38 a4e6 a6df aba9 1051d 11706 118c0 16f08 1d20d',
  w: '26f 448 461 51d 561 1d21 2cbd a4ea ab83 aba4 1170a 1170e 1170f 118e6 118ef',
  x: 'd7 3c7 445 1541 157d 166d 166e 16b7 2573 292b 292c 2a2f 2cad 2d5d a4eb ab53 10290 102b4 10317 10322 10527 118ec',
  y: '263 28f 3b3 443 4af 10e7 1d8c 1eff 2ca9 a4ec ab5a ab79 ab8d 102b2 118dc 16f43',
  z: '3b6 1d22 a4dc ab93 102f5 118c4 118c9 118e5',
};
