import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { renderedConfigurations } from './configurations.ts';
import { parseKongYaml } from './refusals.ts';
import { isFields } from './shapes.ts';

const text = readFileSync(join(import.meta.dirname, '../../../kong/kong.env'), 'utf8');
const settings = new Map(
  text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
);

/** Names of all plugins in a configuration, wherever they are attached. */
function pluginsOf(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(pluginsOf);
  if (!isFields(node)) return [];
  const own = Array.isArray(node.plugins) ? node.plugins.map((plugin) => String(plugin.name)) : [];
  return [...own, ...Object.values(node).flatMap(pluginsOf)];
}

/** The limits of request-size-limiting in a configuration, in bytes. */
function bodyLimitsOf(node: unknown): number[] {
  if (Array.isArray(node)) return node.flatMap(bodyLimitsOf);
  if (!isFields(node)) return [];
  const { allowed_payload_size: size, size_unit: unit } = node;
  if (typeof size === 'number') return [size * (unit === 'kilobytes' ? 1024 : 1024 * 1024)];
  return Object.values(node).flatMap(bodyLimitsOf);
}

const deployed = parseKongYaml(renderedConfigurations()[0]?.text ?? '');

describe('kong.env', () => {
  it('holds what Docker takes as it is: names in capitals, and no quotes', () => {
    for (const [name, value] of settings) {
      expect(name).toMatch(/^KONG_[A-Z0-9_]+$/);
      expect(value).toMatch(/^[^"'\s][^"']*$/);
    }
  });

  it('loads exactly the plugins that kong.yml uses', () => {
    expect(settings.get('KONG_PLUGINS')?.split(',').sort()).toEqual([...new Set(pluginsOf(deployed))].sort());
  });

  it('buffers every body that it lets in, and lets in what kong.yml allows', () => {
    expect(settings.get('KONG_NGINX_HTTP_CLIENT_BODY_BUFFER_SIZE')).toBe('1m');
    expect(settings.get('KONG_NGINX_HTTP_CLIENT_MAX_BODY_SIZE')).toBe('1m');
    expect(Math.max(...bodyLimitsOf(deployed))).toBe(1024 * 1024);
  });

  it('lets services trace: without instrumentation Kong would tell them not to', () => {
    expect(settings.get('KONG_TRACING_INSTRUMENTATIONS')?.split(',')).toContain('request');
  });

  it('speaks HTTP/2 wherever clients come in, and keeps the Admin API to the machine', () => {
    for (const listener of settings.get('KONG_PROXY_LISTEN')?.split(', ') ?? [])
      expect(listener).toContain(' http2');
    expect(settings.get('KONG_ADMIN_LISTEN')).toMatch(/^127\.0\.0\.1:\d+$/);
  });
});
