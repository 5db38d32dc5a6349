import { type CreateInstance, createInstanceSchema, instanceNameSchema } from '@moru/types';
import { z } from 'zod';

/** What a choice has for "without". */
export const none = 'none';

/** What the form holds: ids as chosen, names as typed. */
export const createFormSchema = z.object({
  name: z.string().trim().pipe(instanceNameSchema),
  flavorId: z.string().min(1),
  imageId: z.string().min(1),
  /** of the first interface, and of a second one where there is to be one */
  subnet: z.string().min(1),
  secondSubnet: z.string(),
  keyName: z.string(),
});
export type CreateForm = z.infer<typeof createFormSchema>;

export const emptyForm: CreateForm = {
  name: '',
  flavorId: '',
  imageId: '',
  subnet: '',
  secondSubnet: none,
  keyName: none,
};

/** What the BFF is asked for; null while something is missing or wrong. */
export function wantedOf(form: CreateForm): CreateInstance | null {
  const subnets = [form.subnet, form.secondSubnet].filter((id) => id !== '' && id !== none);
  const read = createInstanceSchema.safeParse({
    name: form.name.trim(),
    flavorId: form.flavorId,
    imageId: form.imageId,
    subnets: subnets.map((subnetId) => ({ subnetId })),
    ...(form.keyName !== none ? { keyName: form.keyName } : {}),
  });
  return read.success && form.subnet !== '' ? read.data : null;
}
