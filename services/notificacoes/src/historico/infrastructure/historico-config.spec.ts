import { describe, expect, it } from '@jest/globals';
import { historicoFields } from './historico-config.ts';

describe('MONGODB_URL', () => {
  it.each([
    'mongodb://127.0.0.1:27017/notificacoes',
    'mongodb://n:s%40@a:27017,b:27017,c:27017/notificacoes?replicaSet=rs0&authSource=admin',
    'mongodb+srv://n:s@cluster.exemplo.com/notificacoes',
  ])('takes %s', (url) => {
    expect(historicoFields.mongodbUrl.parse(url)).toBe(url);
  });

  it.each([
    'mongodb://127.0.0.1:27017',
    'mongodb://127.0.0.1/',
    'http://a/b',
    'mongodb://a/b c',
    'mongodb://a/b/c',
  ])('refuses %j', (url) => {
    expect(() => historicoFields.mongodbUrl.parse(url)).toThrow('name of a database');
  });
});
