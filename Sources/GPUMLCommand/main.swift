print("gpuml")
