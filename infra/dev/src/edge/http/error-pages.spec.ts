import { describe, expect, it } from '@jest/globals';
import { errorPageFor } from './error-pages.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

describe('errorPageFor', () => {
  it.each([
    [undefined, JSON_TYPE],
    ['', JSON_TYPE],
    ['*/*', JSON_TYPE],
    ['image/png', JSON_TYPE],
    ['lixo', JSON_TYPE],
    ['application/*', JSON_TYPE],
    ['application/xml', 'application/xml; charset=utf-8'],
    ['text/plain', 'text/plain; charset=utf-8'],
    ['text/*', 'text/plain; charset=utf-8'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text/html; charset=utf-8'],
    ['text/html;q=0.5, application/json', JSON_TYPE],
    ['text/html; charset=utf-8; q=0.9, application/xml;q=0.8', 'text/html; charset=utf-8'],
    ['text/html;q=0', JSON_TYPE],
  ])('answers to %j in %s', (accept, type) => {
    expect(errorPageFor(accept).type).toBe(type);
  });

  it.each([
    ['application/json', '{\n  "message":"Falhou",\n  "request_id":"1f"\n}'],
    ['text/plain', 'Falhou\nrequest_id: 1f\n'],
    ['text/html', expect.stringMatching(/^<!doctype html>[\s\S]*<p>Falhou\.<\/p>[\s\S]*request_id: 1f/)],
    ['application/xml', expect.stringContaining('<message>Falhou</message>\n  <requestid>1f</requestid>')],
  ])('says the message and the id of the request in %s', (accept, text) => {
    expect(errorPageFor(accept).render('Falhou', '1f')).toEqual(text);
  });
});
