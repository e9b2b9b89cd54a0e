import type { MigrationInterface, QueryRunner } from 'typeorm';

/** No look and no meaning: left out. */
const NOTHING = '\\u00ad\\u200b\\u2060\\ufeff';
/** Every other space than the plain one. */
const SPACES = '\\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000';
/** Control characters except the line feed, line and paragraph separator. */
const CONTROL = '\\u0001-\\u0009\\u000b-\\u001f\\u007f-\\u009f\\u2028\\u2029';
const DIRECTION = '\\u202a-\\u202e\\u2066-\\u2069';
/** What cannot be seen (Default_Ignorable_Code_Point and the empty Braille cell) without the above. */
const INVISIBLE =
  '\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200c-\\u200f\\u2061-\\u2065\\u206a-\\u206f\\u2800\\u3164' +
  '\\ufe00-\\ufe0f\\uffa0\\ufff0-\\ufff8\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff';

/**
 * The form of texts of people (`@plataforma/domain/texto`), as the last judge of what is stored:
 * `texto_de_gente(text, least, most, lines)`; and `texto_arrumado(text, lines)`, which brings older rows into that form.
 */
export class Texto1700000000021 implements MigrationInterface {
  readonly name = 'Texto1700000000021';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function texto_de_gente(valor text, minimo integer, maximo integer, linhas boolean default false)
      returns boolean language sql immutable as $$
        select valor is nfc normalized
          and char_length(valor) between minimo and maximo
          and valor !~ '[${NOTHING}${SPACES}${CONTROL}${DIRECTION}]'
          and (linhas or position(chr(10) in valor) = 0)
          and valor !~ '^[ \\n]|[ \\n]$|  | \\n|\\n |\\n\\n\\n'
          and (valor = '' or valor ~ '[^ \\n${INVISIBLE}]')
      $$`);
    await runner.query(`
      create function texto_arrumado(valor text, linhas boolean default false)
      returns text language sql immutable as $$
        with limpo as (
          select normalize(regexp_replace(replace(valor, chr(13) || chr(10), chr(10)), '[${NOTHING}]', '', 'g'), NFC) as texto
        ), dobrado as (
          select case when linhas
            then regexp_replace(regexp_replace(regexp_replace(
              texto, '[ ${SPACES}${CONTROL}${DIRECTION}]+', ' ', 'g'), ' ?\\n ?', E'\\n', 'g'), '\\n{3,}', E'\\n\\n', 'g')
            else regexp_replace(texto, '[ \\n${SPACES}${CONTROL}${DIRECTION}]+', ' ', 'g')
          end as texto from limpo
        )
        select case when texto ~ '[^ \\n${INVISIBLE}]' then btrim(texto, E' \\n') else '' end from dobrado
      $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function texto_arrumado(text, boolean)');
    await runner.query('drop function texto_de_gente(text, integer, integer, boolean)');
  }
}
