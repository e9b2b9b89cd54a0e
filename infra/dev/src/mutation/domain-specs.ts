/*
 * All specs of a domain as one suite for jest. Every mutant starts jest anew and loading a spec costs far more than
 * running it, so they share their modules: several times as fast as one suite each.
 */
import { globSync } from 'node:fs';
import { resolve } from 'node:path';

for (const spec of globSync('src/domain/**/*.spec.ts').sort()) await import(resolve(spec));
