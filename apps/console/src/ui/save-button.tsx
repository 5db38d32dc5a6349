import { useMutation } from '@tanstack/react-query';
import { useFailureWords } from '../http/failure-words.ts';
import { saveFile } from '../http/save-file.ts';
import { Button } from './button.tsx';
import { showToast } from './toast.ts';

interface SaveButtonProps {
  path: string;
  params?: object;
  /** of the file that is kept */
  name: string;
  children: string;
}

/** Hands a file of the BFF to the browser to keep; a failure is a toast, since nothing on the page is about it. */
export function SaveButton({ path, params = {}, name, children }: SaveButtonProps) {
  const words = useFailureWords();
  const save = useMutation({
    mutationFn: () => saveFile(path, params, name),
    onError: (error) => showToast({ tone: 'bad', title: words(error).message }),
  });
  return (
    <Button isPending={save.isPending} onPress={() => save.mutate()}>
      {children}
    </Button>
  );
}
