package rewrite

func collectLinkname(f *fileWork, n node) {}
