import { FieldDescriptorProtoSchema, Int64ValueSchema, UInt32ValueSchema } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import { type NumberRange, numbersOf, wholeNumber, wholeNumberForm } from './whole-numbers.ts';

const INT32 = numbersOf(FieldDescriptorProtoSchema.field.number) as NumberRange;
const INT64 = numbersOf(Int64ValueSchema.field.value) as NumberRange;
const UINT32 = numbersOf(UInt32ValueSchema.field.value) as NumberRange;

describe('a whole number', () => {
  it.each<[unknown, NumberRange, bigint]>([
    [0, INT32, 0n],
    [-0, INT32, 0n],
    [1.0, INT32, 1n],
    ['-2147483648', INT32, -2_147_483_648n],
    [4_294_967_295, UINT32, 4_294_967_295n],
    [Number.MAX_SAFE_INTEGER, INT64, 9_007_199_254_740_991n],
    ['9223372036854775807', INT64, 9_223_372_036_854_775_807n],
    ['007', INT32, 7n],
  ])('is %p', (value, range, number) => {
    expect(wholeNumber(value, range)).toBe(number);
  });

  it.each<[unknown, NumberRange]>([
    [1.5, INT32],
    [2_147_483_648, INT32],
    [4_294_967_297, INT32],
    [-1, UINT32],
    [2 ** 53, INT64],
    ['9223372036854775808', INT64],
    ['1'.repeat(1_000), INT64],
    [Number.NaN, INT32],
    [Number.POSITIVE_INFINITY, INT32],
    ['1.5', INT32],
    ['1e3', INT32],
    ['0x10', INT32],
    [' 1', INT32],
    ['+1', INT32],
    ['', INT32],
    [true, INT32],
    [{}, INT32],
  ])('is not %p', (value, range) => {
    expect(wholeNumber(value, range)).toBeUndefined();
  });

  it('is of fields that hold no fractions', () => {
    expect(numbersOf(FieldDescriptorProtoSchema.field.name)).toBeUndefined();
    expect(wholeNumberForm(INT32)).toBe('deve ser um número inteiro de -2147483648 a 2147483647');
  });
});
