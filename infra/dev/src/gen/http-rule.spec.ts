import { describe, expect, it } from '@jest/globals';
import {
  type Binding,
  pathVariables,
  renameVariables,
  shadows,
  specificity,
  withoutPatterns,
} from './http-rule.ts';

const get = (template: string): Binding => ({ verb: 'get', template, body: '' });

describe('path templates', () => {
  it('give their variables in order when they have several', () => {
    expect(pathVariables('/a/{um_id}/b/{dois=x/*}:ir')).toEqual(['um_id', 'dois']);
  });

  it('keep pattern and verb when a variable is renamed', () => {
    expect(renameVariables('/a/{um_id=x/**}:ir', (name) => name.toUpperCase())).toBe('/a/{UM_ID=x/**}:ir');
  });

  it('lose their patterns when written for OpenAPI', () => {
    expect(withoutPatterns('/a/{um=x/*}/{dois}')).toBe('/a/{um}/{dois}');
  });

  it('sort literals before variables when they differ in one segment', () => {
    const sorted = ['/a/{id}', '/a/{id}/b', '/a/fixo', '/a'].sort((a, b) =>
      specificity(a) < specificity(b) ? -1 : 1,
    );
    expect(sorted).toEqual(['/a', '/a/fixo', '/a/{id}', '/a/{id}/b']);
  });
});

describe('shadows', () => {
  it.each([
    ['/a/{id}', '/a/fixo'],
    ['/a/{id}', '/a/{outro}'],
    ['/a/{resto=**}', '/a/b/{id}'],
  ])('is true when %s takes every call to %s', (earlier, later) => {
    expect(shadows(get(earlier), get(later))).toBe(true);
  });

  it.each([
    ['/a/fixo', '/a/{id}'],
    ['/a/{id}', '/a/{id}/b'],
    ['/a/{id=x/*}', '/a/b/{id}'],
    ['/a.b', '/aXb'],
  ])('is false when %s leaves calls to %s', (earlier, later) => {
    expect(shadows(get(earlier), get(later))).toBe(false);
  });

  it('is false when the HTTP methods differ', () => {
    expect(shadows(get('/a/{id}'), { ...get('/a/fixo'), verb: 'post' })).toBe(false);
  });
});
